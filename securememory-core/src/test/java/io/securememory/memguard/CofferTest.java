package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.MemoryCallException;
import io.securememory.SecretClosedException;
import io.securememory.crypto.SealingEngine;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.testing.Await;
import io.securememory.testing.Effort;
import io.securememory.testing.Workers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CofferTest {

    private static final int REKEYS = Effort.of("coffer.rekeys", 1_000, 10_000);
    private static final int VIEWS = Effort.of("coffer.views", 2_000, 20_000);
    private static final int NONCES = Effort.of("coffer.nonces", 5_000, 20_000);

    private final FaultyMemCall memCall = new FaultyMemCall(MemCalls.system());
    private final LockBudget budget = new LockBudget(memCall, LockPolicy.REQUIRE, -1);
    private final RegionRegistry memory = new RegionRegistry(new SessionMemory(
                    MemGuardOptions.DEFAULTS, new PagePool(memCall, budget, MemGuardOptions.DEFAULTS.withMaxIdle(0)))
            .shared());
    private final Coffer coffer = Coffer.create(memory);
    private final Workers threads = new Workers();

    /** An engine that views the key. */
    private final class Eye {
        private final SealingEngine engine = new SealingEngine(
                ByteBuffer.allocateDirect(SealingEngine.WORK_SIZE).order(ByteOrder.LITTLE_ENDIAN), 0, () -> null);
        private final Coffer.Viewer viewer = coffer.admit(engine);

        List<Long> key() {
            coffer.view(viewer);
            List<Long> key = List.of(engine.left(0), engine.left(1), engine.left(2), engine.left(3));
            engine.wipe();
            return key;
        }
    }

    private final Eye eye = new Eye();

    @AfterEach
    void nothingStaysBehind() {
        threads.close();
        memCall.failWhere(call -> false);
        Failures failures = new Failures();
        assertThat(coffer.destroy(failures)).isTrue();
        assertThat(failures.first()).isNull();
        assertThat(memCall.mapped()).isZero();
        assertThat(budget.lockedBytes()).isZero();
    }

    private byte[] half(String name) {
        return SealingProbe.half(coffer, name);
    }

    @Test
    void rekeyingChangesBothHalvesAndKeepsTheKey() {
        List<Long> key = eye.key();
        Set<ByteBuffer> halves = new HashSet<>();
        for (int i = 0; i < REKEYS; i++) {
            halves.add(ByteBuffer.wrap(half("left")));
            halves.add(ByteBuffer.wrap(half("right")));
            coffer.rekey();
            if (!eye.key().equals(key)) {
                throw new AssertionError("the key changed after " + (i + 1) + " rekeys");
            }
        }

        assertThat(halves).hasSize(2 * REKEYS);
        assertThat(coffer.isCurrent(0)).isTrue();
    }

    @Test
    void viewersSeeOneKeyWhileItIsSplitAnew() throws Exception {
        List<Long> key = eye.key();
        Callable<Integer> looking = () -> {
            Eye mine = new Eye();
            int wrong = 0;
            for (int i = 0; i < VIEWS; i++) {
                wrong += mine.key().equals(key) ? 0 : 1;
            }
            return wrong;
        };
        Future<Integer> one = threads.submit(looking);
        Future<Integer> two = threads.submit(looking);
        do {
            coffer.rekey();
        } while (!one.isDone() && !two.isDone());

        assertThat(Await.result(one) + Await.result(two)).isZero();
    }

    @Test
    void failedSplitKeepsTheKeyAndLeavesNothingOfIt() {
        List<Long> key = eye.key();
        byte[] left = half("left");
        memCall.failWhere(call -> true);

        assertThatExceptionOfType(MemoryCallException.class).isThrownBy(coffer::rekey);

        assertThat(half("left")).isEqualTo(left);
        assertThat(eye.key()).isEqualTo(key);
        memCall.failWhere(call -> false);
        coffer.rekey();
        assertThat(eye.key()).isEqualTo(key);
    }

    @Test
    void noncesNeverRepeatOverThreadsAndRenewals() throws Exception {
        List<Future<long[]>> parts = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            parts.add(threads.submit(() -> {
                long[] nonces = new long[NONCES];
                for (int i = 0; i < NONCES; i++) {
                    nonces[i] = coffer.nextNonce();
                }
                return nonces;
            }));
        }
        for (int i = 0; i < 50; i++) {
            coffer.renew();
        }
        Set<Long> seen = new HashSet<>();
        for (Future<long[]> part : parts) {
            for (long nonce : Await.result(part)) {
                seen.add(nonce);
            }
        }

        assertThat(seen).hasSize(4 * NONCES);
    }

    @Test
    void renewalMakesWhatIsOldUnreadable() {
        List<Long> key = eye.key();
        long old = coffer.nextNonce();
        assertThat(coffer.isCurrent(old)).isTrue();

        coffer.renew();

        assertThat(coffer.isCurrent(old)).isFalse();
        assertThat(coffer.isCurrent(coffer.nextNonce())).isTrue();
        assertThat(eye.key()).isNotEqualTo(key);
    }

    @Test
    void failedRandomBytesLeaveNoUsableKeyAndTheNextUseMakesANewOne() {
        for (int failing = 0; failing < 2; failing++) {
            int number = failing;
            List<Long> key = eye.key();
            byte[] left = half("left");
            byte[] right = half("right");
            memCall.failWhere(call -> call >= number);

            assertThatExceptionOfType(MemoryCallException.class).isThrownBy(coffer::renew);

            assertThat(half("left")).isNotEqualTo(left);
            assertThat(half("right")).isNotEqualTo(right).containsOnly(0);
            assertThat(coffer).hasToString("Coffer[empty]");
            memCall.failWhere(call -> true);
            assertThatExceptionOfType(MemoryCallException.class).isThrownBy(eye::key);
            coffer.rekey();
            assertThat(coffer).hasToString("Coffer[empty]");

            memCall.failWhere(call -> false);
            List<Long> made = eye.key();
            assertThat(made).isNotEqualTo(key);
            assertThat(new Eye().key()).isEqualTo(made);
            assertThat(coffer).hasToString("Coffer[full]");
        }
    }

    @Test
    void destroyingTwiceGivesThePagesBackOnce() {
        assertThat(memCall.mapped()).isEqualTo(2);
        Failures failures = new Failures();

        assertThat(coffer.destroy(failures)).isTrue();
        assertThat(memCall.mapped()).isZero();
        assertThat(coffer.destroy(failures)).isTrue();

        assertThat(failures.first()).isNull();
        assertThat(coffer).hasToString("Coffer[destroyed]");
        assertThat(coffer.isCurrent(coffer.nextNonce())).isFalse();
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(eye::key);
        coffer.rekey();
        coffer.renew();
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(eye::key);
    }

    @Test
    void failedReleaseIsTriedAgain() {
        for (int failing = 0; failing < 2; failing++) {
            int number = failing;
            Coffer other = Coffer.create(memory);
            memCall.failWhere(call -> call == number);
            Failures failures = new Failures();
            assertThat(other.destroy(failures)).isFalse();
            assertThat(failures.first()).isInstanceOf(MemoryCallException.class);

            assertThat(other.destroy(new Failures())).isTrue();
            assertThat(memCall.mapped()).isEqualTo(2);
        }
    }

    @Test
    void destroyingUnderViewersEndsThemWithATypedException() throws Exception {
        Coffer other = Coffer.create(memory);
        List<Future<Boolean>> viewers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            viewers.add(threads.submit(() -> {
                SealingEngine engine = new SealingEngine(
                        ByteBuffer.allocateDirect(SealingEngine.WORK_SIZE).order(ByteOrder.LITTLE_ENDIAN),
                        0,
                        () -> null);
                Coffer.Viewer viewer = other.admit(engine);
                try {
                    while (!Thread.currentThread().isInterrupted()) {
                        other.view(viewer);
                        other.nextNonce();
                    }
                    return false;
                } catch (SecretClosedException expected) {
                    return true;
                }
            }));
        }
        Await.until("viewers to be at work", () -> other.nextNonce() >= 1000);

        assertThat(other.destroy(new Failures())).isTrue();

        for (Future<Boolean> viewer : viewers) {
            assertThat(Await.result(viewer)).isTrue();
        }
    }
}
