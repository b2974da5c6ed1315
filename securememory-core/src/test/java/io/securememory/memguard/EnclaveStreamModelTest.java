package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memcall.MemCalls;
import io.securememory.testing.Effort;
import io.securememory.testing.Seed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream does what a simple queue of bytes does, step by step. */
class EnclaveStreamModelTest {

    private static final int STEPS = Effort.of("stream.steps", 500, 2000);

    private final MemGuard guard = MemGuard.create(MemCalls.system(), MemGuardOptions.DEFAULTS);

    @AfterEach
    void nothingStaysBehind() {
        assertThat(guard.status().enclaves().live()).isZero();
        assertThat(guard.status().liveBuffers()).isZero();
        guard.prepareSealing();
        SealingProbe.assertWindowsAreIdleAndHoldZeros(guard);
        guard.shutDown();
        assertThat(guard.status().lockedBytes()).isZero();
    }

    /** A queue of bytes in the clear. */
    private static final class Queue {
        private byte[] bytes = new byte[0];

        void write(byte[] added, int from, int length) {
            int size = bytes.length;
            bytes = Arrays.copyOf(bytes, size + length);
            System.arraycopy(added, from, bytes, size, length);
        }

        byte[] read(int most) {
            int count = Math.min(most, bytes.length);
            byte[] taken = Arrays.copyOf(bytes, count);
            bytes = Arrays.copyOfRange(bytes, count, bytes.length);
            return taken;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 64, 4096})
    void behavesLikeAQueueOfBytes(int chunk) throws IOException {
        Random random = Seed.random("a stream in parts of " + chunk);
        Queue model = new Queue();
        try (EnclaveStream stream = guard.newStream(chunk)) {
            for (int step = 0; step < STEPS; step++) {
                step(random, chunk, stream, model);
                assertThat(stream.size()).as("after step %d", step).isEqualTo(model.bytes.length);
            }
        }
    }

    private static void step(Random random, int chunk, EnclaveStream stream, Queue model) throws IOException {
        int amount = random.nextInt(4) == 0 ? 1 + random.nextInt(Math.min(20, chunk)) : 1 + random.nextInt(5 * chunk);
        switch (random.nextInt(model.bytes.length > 20 * chunk ? 10 : 8)) {
            case 0, 1 -> move(random, stream, model, amount);
            case 2 -> append(random, stream, model, amount);
            case 3 -> writeOne(random, stream, model);
            case 4 -> assertThat(next(stream, chunk)).isEqualTo(expectedNext(stream, model));
            case 5 -> assertThat(stream.inputStream().read()).isEqualTo(expectedOne(model));
            case 6 -> moveBuffer(random, stream, model, amount);
            case 7 -> flushSometimes(random, stream, model);
            default -> readSome(stream, model, amount);
        }
        if (random.nextBoolean()) {
            readSome(stream, model, 1 + random.nextInt(3 * chunk));
        }
    }

    private static void move(Random random, EnclaveStream stream, Queue model, int amount) {
        byte[] bytes = new byte[amount];
        random.nextBytes(bytes);
        model.write(bytes, 0, amount);
        stream.write(bytes);
        assertThat(bytes).as("wiped").isEqualTo(new byte[amount]);
    }

    private static void moveBuffer(Random random, EnclaveStream stream, Queue model, int amount) {
        byte[] bytes = new byte[amount];
        random.nextBytes(bytes);
        model.write(bytes, 0, amount);
        ByteBuffer whole =
                random.nextBoolean() ? ByteBuffer.allocate(amount + 5) : ByteBuffer.allocateDirect(amount + 5);
        ByteBuffer part = whole.put(3, bytes).slice(1, amount + 3).position(2).limit(amount + 2);
        boolean readOnly = random.nextBoolean();
        ByteBuffer source = readOnly ? part.asReadOnlyBuffer() : part;

        stream.write(source);

        assertThat(source.hasRemaining()).isFalse();
        byte[] left = new byte[amount];
        whole.get(3, left);
        assertThat(left).as("wiped if it is writable").isEqualTo(readOnly ? bytes : new byte[amount]);
    }

    private static void append(Random random, EnclaveStream stream, Queue model, int amount) throws IOException {
        byte[] bytes = new byte[amount + 3];
        random.nextBytes(bytes);
        byte[] before = bytes.clone();
        model.write(bytes, 2, amount);
        stream.outputStream().write(bytes, 2, amount);
        assertThat(bytes).as("not wiped").isEqualTo(before);
    }

    private static void writeOne(Random random, EnclaveStream stream, Queue model) throws IOException {
        byte[] one = {(byte) random.nextInt()};
        model.write(one, 0, 1);
        stream.outputStream().write(one[0]);
    }

    private static int expectedOne(Queue model) {
        byte[] one = model.read(1);
        return one.length == 0 ? -1 : one[0] & 0xFF;
    }

    private static void readSome(EnclaveStream stream, Queue model, int amount) throws IOException {
        byte[] target = new byte[amount + 2];
        byte[] expected = model.read(amount);
        int count = stream.inputStream().read(target, 1, amount);
        assertThat(count).isEqualTo(expected.length == 0 ? -1 : expected.length);
        assertThat(Arrays.copyOfRange(target, 1, 1 + expected.length)).isEqualTo(expected);
        assertThat(target[0]).isZero();
        assertThat(target[amount + 1]).isZero();
        assertThat(stream.inputStream().available()).isEqualTo(model.bytes.length);
    }

    /** What next returned last, as its length is the stream's to choose. */
    private static byte[] next(EnclaveStream stream, int chunk) {
        long before = stream.size();
        LockedBuffer part = stream.next();
        byte[] bytes = contentAndClose(part);
        assertThat(bytes.length).isBetween(before == 0 ? 0 : 1, chunk);
        assertThat(stream.size()).isEqualTo(before - bytes.length);
        return bytes;
    }

    private static byte[] expectedNext(EnclaveStream stream, Queue model) {
        return model.read((int) (model.bytes.length - stream.size()));
    }

    private static void flushSometimes(Random random, EnclaveStream stream, Queue model) {
        if (random.nextInt(5) == 0) {
            byte[] expected = model.read(model.bytes.length);
            assertThat(contentAndClose(stream.flush())).isEqualTo(expected);
        }
    }

    private static byte[] contentAndClose(LockedBuffer buffer) {
        if (buffer == null) {
            return new byte[0];
        }
        try (buffer) {
            assertThat(buffer.isMutable()).isFalse();
            return buffer.withBytes(view -> {
                byte[] bytes = new byte[view.length()];
                view.copyTo(0, bytes, 0, bytes.length);
                return bytes;
            });
        }
    }
}
