package io.securememory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.memcall.FaultEverywhere;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.Pages;
import io.securememory.memguard.Enclave;
import io.securememory.memguard.EnclaveOptions;
import io.securememory.memguard.EnclaveStream;
import io.securememory.memguard.LeakDetection;
import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** For each operation on what is sealed and each of its system calls: what if that call, or all from it on, fail? */
class SealedFaultInjectionTest {

    static final byte[] BYTES = "neighbours stay intact".getBytes(US_ASCII);

    /** More than a window of one page takes. */
    private static final int LONG = Pages.SIZE + 900;

    private static final int CHUNK = 8;

    /** An operation on a session that has sealed something. */
    @FunctionalInterface
    interface Operation extends Consumer<World> {}

    /** A session with faults, neighbours that no operation touches, and objects for the operations. */
    static final class World {
        final FaultyMemCall memCall = new FaultyMemCall(MemCalls.system());
        final SecureMemory session;
        final MemGuard guard;
        private final Secret neighbour;
        private final Secret sealedNeighbour;
        private final Enclave enclaveNeighbour;
        private final Secret secret;
        private final Enclave enclave;
        private final LockedBuffer buffer;
        private final EnclaveStream stream;

        World(int poolMaxIdle) {
            session = SecureMemory.create(
                    SecureMemoryOptions.builder()
                            .poolMaxIdle(poolMaxIdle)
                            .closeTimeout(Duration.ofSeconds(5))
                            .leakDetection(LeakDetection.OFF)
                            .enclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ZERO))
                            .build(),
                    memCall);
            guard = session.memGuard();
            neighbour = session.secrets(Storage.PROTECTED).create(BYTES.clone());
            sealedNeighbour = session.secrets(Storage.SEALED).create(BYTES.clone());
            enclaveNeighbour = guard.seal(BYTES.clone());
            secret = session.secrets(Storage.SEALED).create(BYTES.clone());
            enclave = guard.seal(BYTES.clone());
            buffer = guard.allocate(100);
            stream = guard.newStream(CHUNK);
            stream.write(BYTES.clone());
        }

        private void neighboursAreIntact() {
            assertThat(neighbour.contentEquals(BYTES)).isTrue();
            assertThat(sealedNeighbour.contentEquals(BYTES)).isTrue();
            boolean same = enclaveNeighbour.withBytes(view -> view.contentEquals(BYTES));
            assertThat(same).isTrue();
        }

        private void endsWithNeighboursIntact() {
            neighboursAreIntact();
            closesWithoutRemains();
        }

        void closesWithoutRemains() {
            session.close();
            SecureMemoryStatus status = session.status();
            assertThat(status.liveSecrets()).isZero();
            assertThat(status.liveBuffers()).isZero();
            assertThat(status.liveEnclaves()).isZero();
            assertThat(status.sealingWindows()).isZero();
            assertThat(status.lockedBytes()).isZero();
            assertThat(memCall.mapped()).isZero();
        }
    }

    private static Map<String, Operation> operations() {
        Map<String, Operation> operations = new TreeMap<>();
        operations.put("seal in a new window", world -> world.guard.seal(new byte[LONG]));
        operations.put("seal random bytes", world -> world.guard.sealRandom(40));
        operations.put("seal a buffer", world -> world.buffer.seal());
        operations.put("seal nested", world -> world.enclave.withBytes(view -> world.guard.seal(BYTES.clone())));
        operations.put("enclave open and close", world -> world.enclave.open().close());
        operations.put(
                "enclave read nested",
                world -> world.enclave.withBytes(view ->
                        world.enclave.<Boolean, RuntimeException>withBytes(inner -> inner.contentEquals(BYTES))));
        operations.put(
                "secret create", world -> world.session.secrets(Storage.SEALED).create(new byte[LONG]));
        operations.put(
                "secret create random",
                world -> world.session.secrets(Storage.SEALED).createRandom(40));
        operations.put(
                "secret compare", world -> world.secret.useBytes(view -> world.sealedNeighbour.contentEquals(BYTES)));
        operations.put("secret copy and close", world -> world.secret.copy().close());
        operations.put("stream write", world -> world.stream.write(new byte[1]));
        operations.put("stream write to the end of a part", world -> world.stream.write(new byte[CHUNK]));
        operations.put("stream read", world -> read(world.stream, 3));
        operations.put("stream next", world -> world.stream.next());
        operations.put("stream flush", world -> world.stream.flush());
        operations.put("stream close", world -> world.stream.close());
        return operations;
    }

    private static void read(EnclaveStream stream, int count) {
        try {
            assertThat(stream.inputStream().read(new byte[count])).isEqualTo(count);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> everyFaultIsThrownAndLeavesNothingBehind() {
        return tests(operations());
    }

    static Stream<DynamicTest> tests(Map<String, Operation> operations) {
        return new FaultEverywhere<World>(World::new, world -> world.memCall, World::endsWithNeighboursIntact)
                .tests(operations);
    }

    @Test
    void accessesThatFindAWindowMakeNoSystemCall() {
        World world = new World(0);
        world.memCall.failWhere(call -> true);

        assertThat(world.sealedNeighbour.contentEquals(BYTES)).isTrue();
        boolean same = world.enclaveNeighbour.withBytes(view -> view.contentEquals(BYTES));
        assertThat(same).isTrue();
        world.guard.seal(BYTES.clone()).close();
        world.session.secrets(Storage.SEALED).create(BYTES.clone()).close();
        world.secret.close();
        world.enclave.close();

        assertThat(world.memCall.calls()).isEmpty();
        world.memCall.failWhere(call -> false);
        world.closesWithoutRemains();
    }

    @Test
    void purgeWithoutRandomBytesTakesTheKeyAllTheSame() {
        World world = new World(0);
        world.memCall.failEvery("fillRandom");

        PurgeReport report = world.session.purge();

        assertThat(report.failed()).isZero();
        assertThat(world.secret.isClosed()).isTrue();
        assertThat(world.enclave.isAlive()).isFalse();
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> world.secret.contentEquals(BYTES));
        assertThatExceptionOfType(MemoryCallException.class).isThrownBy(() -> world.guard.seal(BYTES.clone()));
        world.memCall.failWhere(call -> false);
        world.closesWithoutRemains();
    }
}
