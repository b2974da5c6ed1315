package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.MemoryCallException;
import io.securememory.SecureMemoryException;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A stream whose system calls fail keeps what it took in, and gives out what it says it has. */
class EnclaveStreamFaultsTest {

    private static final int CHUNK = 8;
    private static final byte[] BYTES = LockedBufferContract.pattern(100);

    /** Takes bytes out and appends them to others, or puts in what follows. */
    @FunctionalInterface
    private interface Operation {
        void run(EnclaveStream stream, ByteArrayOutputStream out) throws IOException;
    }

    /** A stream with two full parts and a half one. */
    private static final class World {
        private final FaultyMemCall memCall = new FaultyMemCall(MemCalls.system());
        private final MemGuard guard = MemGuard.create(
                memCall,
                MemGuardOptions.DEFAULTS
                        .withMaxIdle(0)
                        .withLeakDetection(LeakDetection.OFF)
                        .withEnclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ZERO)));
        private final EnclaveStream stream = guard.newStream(CHUNK);
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        World() throws IOException {
            stream.write(Arrays.copyOf(BYTES, 2 * CHUNK + 4));
            out.write(stream.inputStream().read());
        }
    }

    private static Map<String, Operation> operations() {
        Map<String, Operation> operations = new LinkedHashMap<>();
        operations.put(
                "write to the end of a part",
                (stream, out) -> stream.write(Arrays.copyOfRange(BYTES, 2 * CHUNK + 4, 3 * CHUNK)));
        operations.put("read to the end of a part", (stream, out) -> read(stream, CHUNK - 1, out));
        operations.put("read into the next part", (stream, out) -> read(stream, CHUNK + 2, out));
        operations.put("read everything", (stream, out) -> read(stream, 2 * CHUNK + 3, out));
        operations.put("next", (stream, out) -> contentOf(stream.next(), out));
        operations.put("flush", (stream, out) -> contentOf(stream.flush(), out));
        return operations;
    }

    private static void read(EnclaveStream stream, int count, ByteArrayOutputStream out) throws IOException {
        int left = count;
        while (left > 0) {
            byte[] target = new byte[left];
            int read = stream.inputStream().read(target);
            out.write(target, 0, read);
            left -= read;
        }
    }

    private static void contentOf(LockedBuffer buffer, ByteArrayOutputStream out) {
        try (buffer) {
            buffer.withBytes(view -> {
                byte[] bytes = new byte[view.length()];
                view.copyTo(0, bytes, 0, bytes.length);
                out.writeBytes(bytes);
                return null;
            });
        }
    }

    @TestFactory
    Stream<DynamicTest> nothingIsLostWhenPagesCannotBeGivenBack() throws IOException {
        return tests("free");
    }

    private static Stream<DynamicTest> tests(String failing) throws IOException {
        Stream.Builder<DynamicTest> tests = Stream.builder();
        for (Map.Entry<String, Operation> operation : operations().entrySet()) {
            List<String> calls = callsOf(operation.getValue());
            IntStream.range(0, calls.size())
                    .filter(call -> calls.get(call).startsWith(failing))
                    .forEach(call -> tests.add(DynamicTest.dynamicTest(
                            operation.getKey() + ", call " + call + " " + calls.get(call),
                            () -> check(operation.getValue(), call))));
        }
        return tests.build();
    }

    private static List<String> callsOf(Operation operation) throws IOException {
        World world = new World();
        world.memCall.failWhere(call -> false);
        operation.run(world.stream, world.out);
        List<String> calls = world.memCall.calls();
        world.guard.shutDown();
        return calls;
    }

    private static void check(Operation operation, int failing) throws IOException {
        World world = new World();
        world.memCall.failWhere(call -> call == failing);
        try {
            operation.run(world.stream, world.out);
        } catch (SecureMemoryException e) {
            assertThat(e).isNotNull();
        }
        world.memCall.failWhere(call -> false);
        long left = world.stream.size();
        int before = world.out.size();
        read(world.stream, (int) left, world.out);

        assertThat(world.stream.size()).isZero();
        assertThat(world.out.size() - before)
                .as("as many as there were said to be")
                .isEqualTo((int) left);
        assertThat(world.out.size()).isGreaterThanOrEqualTo(2 * CHUNK + 4);
        assertThat(world.out.toByteArray()).isEqualTo(Arrays.copyOf(BYTES, world.out.size()));
        world.guard.shutDown();
        assertThat(world.memCall.mapped()).isZero();
    }

    @Test
    void streamIsStillEmptyAfterAWriteThatFailed() throws IOException {
        World world = new World();
        EnclaveStream stream = world.guard.newStream(CHUNK);
        int calls = callsOfAllocating(world);
        world.memCall.failWhere(call -> call == calls);
        assertThatExceptionOfType(MemoryCallException.class)
                .isThrownBy(() -> stream.write(new byte[3]))
                .withMessageContaining("READ_WRITE");
        world.memCall.failWhere(call -> false);

        assertThat(stream.size()).isZero();
        assertThat(stream.inputStream().read()).isEqualTo(-1);
        assertThat(stream.flush()).isNull();
        assertThat(stream.next()).isNull();
        world.guard.shutDown();
    }

    private static int callsOfAllocating(World world) {
        world.memCall.failWhere(call -> false);
        LockedBuffer buffer = world.guard.allocate(CHUNK);
        int calls = world.memCall.calls().size();
        buffer.close();
        return calls;
    }
}
