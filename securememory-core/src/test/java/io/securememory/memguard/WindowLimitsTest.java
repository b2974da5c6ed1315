package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.PurgeReport;
import io.securememory.SecretClosedException;
import io.securememory.memcall.MemCalls;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Windows of several sizes and of several threads within their limits, and what a purge leaves of them. */
@Timeout(60)
class WindowLimitsTest {

    private static final int PAGE = 4096;
    private static final byte[] SHORT = LockedBufferContract.pattern(100);
    private static final byte[] LONG = LockedBufferContract.pattern(5000);

    private static final EnclaveOptions ONE = EnclaveOptions.DEFAULTS
            .withRekeyInterval(Duration.ZERO)
            .withMaxWindows(1)
            .withWhenExhausted(WindowExhaustion.WAIT);

    private static final MemGuardOptions OPTIONS =
            MemGuardOptions.DEFAULTS.withMaxIdle(0).withCloseTimeout(Duration.ofMillis(300));

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    private static boolean reads(Enclave enclave, byte[] expected) {
        return enclave.withBytes(view -> view.contentEquals(expected));
    }

    @Test
    void idleWindowOfAnotherSizeGivesWayWhenNoMoreAreAllowed() {
        MemGuard guard = MemGuard.create(MemCalls.system(), OPTIONS.withEnclaves(ONE));
        Enclave small = guard.seal(SHORT.clone());

        Enclave large = guard.seal(LONG.clone());

        assertThat(reads(large, LONG)).isTrue();
        assertThat(reads(small, SHORT)).isTrue();
        assertThat(guard.status().enclaves().windows()).isEqualTo(1);
        guard.shutDown();
    }

    @Test
    void idleWindowOfAnotherSizeGivesWayAtTheLockLimit() {
        MemGuard guard = MemGuard.create(MemCalls.system(), OPTIONS.withLockLimitBytes(4 * PAGE));
        Enclave small = guard.seal(SHORT.clone());
        assertThat(guard.status().lockedBytes()).isEqualTo(3 * PAGE);

        Enclave large = guard.seal(LONG.clone());

        assertThat(reads(large, LONG)).isTrue();
        assertThat(reads(small, SHORT)).isTrue();
        guard.shutDown();
    }

    @Test
    void threadsThatComeTogetherDoNotMakeMoreWindowsThanAllowed() throws Exception {
        PausingMemCall memCall = new PausingMemCall();
        MemGuard guard = MemGuard.create(
                memCall, OPTIONS.withCloseTimeout(Duration.ofSeconds(10)).withEnclaves(ONE));
        dropTheOnlyWindow(guard);
        PausingMemCall.Pause pause = memCall.pauseAllocation();
        Future<Enclave> first = threads.submit(() -> guard.seal(SHORT.clone()));
        pause.reached.await();

        Future<Enclave> second = threads.submit(() -> guard.seal(SHORT.clone()));
        while (!second.isDone() && SealingProbe.waiting(guard) == 0) {
            Thread.onSpinWait();
        }
        boolean overtook = second.isDone();
        pause.letGo.countDown();

        assertThat(reads(first.get(), SHORT)).isTrue();
        assertThat(reads(second.get(), SHORT)).isTrue();
        assertThat(overtook)
                .as("had a window although the only one was being made")
                .isFalse();
        guard.shutDown();
    }

    @Test
    void threadAtTheLockLimitWaitsForTheWindowThatAnotherOneIsMaking() throws Exception {
        PausingMemCall memCall = new PausingMemCall();
        MemGuard guard = MemGuard.create(
                memCall, OPTIONS.withCloseTimeout(Duration.ofSeconds(30)).withLockLimitBytes(3 * PAGE));
        dropTheOnlyWindow(guard);
        PausingMemCall.Pause pause = memCall.pauseAllocation();
        Future<Enclave> first = threads.submit(() -> guard.seal(SHORT.clone()));
        pause.reached.await();

        AtomicReference<Thread> waiting = new AtomicReference<>();
        Future<Enclave> second = threads.submit(() -> {
            waiting.set(Thread.currentThread());
            return guard.seal(SHORT.clone());
        });
        awaitThatItRests(guard, waiting, second);
        pause.letGo.countDown();

        assertThat(reads(first.get(), SHORT)).isTrue();
        assertThat(reads(second.get(), SHORT)).isTrue();
        assertThat(guard.status().enclaves().windows()).isEqualTo(1);
        guard.shutDown();
    }

    /** A thread that tries again and again instead would not get here. */
    private static void awaitThatItRests(MemGuard guard, AtomicReference<Thread> thread, Future<?> result) {
        int resting = 0;
        while (resting < 1_000) {
            assertThat(result).isNotDone();
            boolean rests = SealingProbe.waiting(guard) > 0 && thread.get().getState() == Thread.State.TIMED_WAITING;
            resting = rests ? resting + 1 : 0;
            Thread.onSpinWait();
        }
    }

    private static void dropTheOnlyWindow(MemGuard guard) {
        try {
            guard.seal(1, target -> guard.purge(Duration.ZERO));
        } catch (SecretClosedException e) {
            assertThat(guard.status().enclaves().windows()).isZero();
        }
    }

    /** A thread that is inside an access until it is let go; its window is the one that the set did not have. */
    private final class Stay {
        private final CountDownLatch letGo = new CountDownLatch(1);
        private final Future<Integer> result;

        Stay(Enclave enclave) throws InterruptedException {
            CountDownLatch inside = new CountDownLatch(1);
            result = threads.submit(() -> enclave.<Integer, InterruptedException>withBytes(view -> {
                inside.countDown();
                letGo.await();
                return view.length();
            }));
            inside.await();
        }
    }

    @Test
    void windowThatCameBackWhileAPurgeLookedAtAnotherOneIsNotUsedAgain() throws Exception {
        MemGuard guard = MemGuard.create(MemCalls.system(), OPTIONS);
        Enclave enclave = guard.seal(SHORT.clone());
        Map<SealingWindow, Stay> stays = new HashMap<>();
        for (int i = 0; i < 2; i++) {
            Stay stay = new Stay(enclave);
            SealingProbe.all(guard).forEach(window -> stays.putIfAbsent(window, stay));
        }
        List<SealingWindow> windows = List.copyOf(SealingProbe.all(guard));
        assertThat(windows).hasSize(2);
        ReentrantLock first = SealingProbe.lockOf(windows.get(0));
        Future<PurgeReport> purging;
        first.lock();
        try {
            purging = threads.submit(() -> guard.purge(Duration.ZERO));
            while (!first.hasQueuedThreads()) {
                Thread.onSpinWait();
            }
            Stay second = stays.get(windows.get(1));
            second.letGo.countDown();
            assertThat(second.result.get()).isEqualTo(SHORT.length);
        } finally {
            first.unlock();
        }
        purging.get();
        stays.get(windows.get(0)).letGo.countDown();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> stays.get(windows.get(0)).result.get())
                .withCauseInstanceOf(SecretClosedException.class);

        assertThat(reads(guard.seal(SHORT.clone()), SHORT)).isTrue();
        guard.shutDown();
    }
}
