package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.memcall.FaultEverywhere;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memguard.EnclaveOptions;
import io.securememory.memguard.LeakDetection;
import io.securememory.memguard.LockedBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** For each operation and each of its system calls: what if that call, or all from it on, fail? */
class FaultInjectionTest {

    private static final byte[] BYTES = "neighbours stay intact".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    /** An operation on a session that has one secret and one mutable buffer. */
    @FunctionalInterface
    interface Operation extends Consumer<World> {}

    /** A session with faults, a neighbour that no operation touches, and objects for the operations. */
    static final class World {
        private final FaultyMemCall memCall = new FaultyMemCall(MemCalls.system());
        private final SecureMemory session;
        private final Secret neighbour;
        private final Secret secret;
        private final LockedBuffer buffer;

        World(int poolMaxIdle) {
            session = SecureMemory.create(
                    SecureMemoryOptions.builder()
                            .poolMaxIdle(poolMaxIdle)
                            .closeTimeout(Duration.ofSeconds(5))
                            // The calls of other threads would shift the numbers.
                            .leakDetection(LeakDetection.OFF)
                            .enclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ZERO))
                            .build(),
                    memCall);
            neighbour = session.secrets().create(BYTES.clone());
            secret = session.secrets().create(BYTES.clone());
            buffer = session.memGuard().allocate(100);
        }

        private void closesWithoutRemains() {
            assertThat(neighbour.contentEquals(BYTES)).isTrue();
            closesWithoutTrace();
        }

        private void closesWithoutTrace() {
            session.close();
            assertThat(session.status().liveSecrets()).isZero();
            assertThat(session.status().liveBuffers()).isZero();
            assertThat(session.status().lockedBytes()).isZero();
            assertThat(memCall.mapped()).isZero();
        }
    }

    private static Map<String, Operation> operations() {
        Map<String, Operation> operations = new TreeMap<>();
        operations.put("create", world -> world.session.secrets().create(BYTES.clone()));
        operations.put("create random", world -> world.session.secrets().createRandom(40));
        operations.put(
                "create from characters", world -> world.session.secrets().create("characters".toCharArray()));
        operations.put("create from a buffer", world -> world.session.secrets().create(world.buffer));
        operations.put(
                "read", world -> assertThat(world.secret.contentEquals(BYTES)).isTrue());
        operations.put(
                "read nested",
                world -> world.secret.useBytes(
                        view -> assertThat(world.secret.contentEquals(BYTES)).isTrue()));
        operations.put("mutate", world -> world.buffer.copyIn(3, new byte[] {1, 2, 3}));
        operations.put("scramble", world -> world.buffer.scramble());
        operations.put("copy", world -> world.secret.copy());
        operations.put("close", world -> world.secret.close());
        operations.put("close inside", world -> world.secret.useBytes(view -> world.secret.close()));
        operations.put(
                "create and close",
                world -> world.session.secrets().createRandom(9).close());
        return operations;
    }

    private static final FaultEverywhere<World> EVERYWHERE =
            new FaultEverywhere<>(World::new, world -> world.memCall, World::closesWithoutRemains);

    @TestFactory
    Stream<DynamicTest> everyFaultIsThrownAndLeavesNothingBehind() {
        return EVERYWHERE.tests(operations());
    }

    private final World world = new World(0);

    @AfterEach
    void closeSession() {
        world.memCall.failWhere(call -> false);
        world.session.close();
        assertThat(world.memCall.mapped()).isZero();
    }

    @Test
    void failedReprotectPoisonsAndCloseHeals() {
        world.memCall.failWhere(call -> call == 1);

        assertThatExceptionOfType(MemoryCallException.class)
                .isThrownBy(() -> world.secret.useBytes(view -> {}))
                .withMessageContaining("NO_ACCESS");
        assertThatExceptionOfType(SecureMemoryException.class)
                .isThrownBy(() -> world.secret.useBytes(view -> {}))
                .withMessageContaining("close it");
        assertThat(world.secret.isClosed()).isTrue();

        int mapped = world.memCall.mapped();
        world.secret.close();
        assertThat(world.memCall.mapped()).isEqualTo(mapped - 1);
    }

    @Test
    void failureOfTheActionComesFirstAndTheReprotectsIsSuppressed() {
        world.memCall.failWhere(call -> call == 1);
        IllegalStateException failure = new IllegalStateException("from the action");

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> world.secret.useBytes(view -> {
                    throw failure;
                }))
                .isSameAs(failure)
                .satisfies(e -> assertThat(e.getSuppressed()).singleElement().isInstanceOf(MemoryCallException.class));
    }

    @Test
    void closeThatFailedIsTriedAgainByTheNextOne() {
        int mapped = world.memCall.mapped();
        world.memCall.failWhere(call -> true);

        assertThatExceptionOfType(MemoryCallException.class).isThrownBy(() -> world.secret.close());
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> world.secret.useBytes(view -> {}));
        assertThatExceptionOfType(MemoryCallException.class).isThrownBy(() -> world.secret.close());
        assertThat(world.memCall.mapped()).as("not freed unwiped").isEqualTo(mapped);
        assertThat(world.session.status().liveSecrets()).as("still counted").isEqualTo(2);

        world.memCall.failWhere(call -> false);
        world.secret.close();
        assertThat(world.memCall.mapped()).isEqualTo(mapped - 1);
    }

    @Test
    void purgeGoesOnAfterAFailureAndReportsIt() {
        world.memCall.failWhere(call -> call == 2); // After the random bytes of the new key.

        PurgeReport report = world.session.purge();

        assertThat(report.failed()).isEqualTo(1);
        assertThat(report.wiped()).isEqualTo(2);
        world.memCall.failWhere(call -> false);
        assertThat(world.session.purge().wiped()).isEqualTo(1);
    }

    @TestFactory
    Stream<DynamicTest> purgeWithAnyFaultCountsEachBufferOnceAndTheNextOneMendsIt() {
        return Stream.of(0, 1, 8)
                .map(idle -> DynamicTest.dynamicTest(
                        "pool of " + idle,
                        () -> FAULTY_PURGE.run(
                                idle, purged -> purged.session.purge(), FaultInjectionTest::purgeWithFault)));
    }

    /** The neighbour is purged as well. */
    private static final FaultEverywhere<World> FAULTY_PURGE =
            new FaultEverywhere<>(World::new, world -> world.memCall, World::closesWithoutTrace);

    private static void purgeWithFault(World purged) {
        int kept = purged.memCall.mapped() - 3;

        PurgeReport report = purged.session.purge();

        assertThat(report.wiped() + report.failed()).isEqualTo(3);
        assertThat(report.deferred()).isZero();
        assertThat(purged.secret.isClosed()).isTrue();
        // The purge of the buffers tries again what that of the secrets could not unmap.
        assertThat(purged.memCall.mapped() - kept).as("still mapped").isBetween(0, report.failed());
        purged.memCall.failWhere(call -> false);
        assertThat(purged.session.purge().failed()).isZero();
        assertThat(purged.session.status().liveProtected()).isZero();
        assertThat(purged.session.status().liveBuffers()).isZero();
        assertThat(purged.memCall.mapped()).isEqualTo(kept);
    }
}
