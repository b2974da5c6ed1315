package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.PurgeReport;
import io.securememory.SecretClosedException;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.Pages;
import io.securememory.testing.Await;
import io.securememory.testing.Occupant;
import io.securememory.testing.Workers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Windows of several sizes and of several threads within their limits, and what a purge leaves of them. */
class WindowLimitsTest {

    private static final int PAGE = Pages.SIZE;
    private static final byte[] SHORT = LockedBufferContract.pattern(100);
    private static final byte[] LONG = LockedBufferContract.pattern(PAGE + 900);

    private static final EnclaveOptions ONE = EnclaveOptions.DEFAULTS
            .withRekeyInterval(Duration.ZERO)
            .withMaxWindows(1)
            .withWhenExhausted(WindowExhaustion.WAIT);

    private static final int ATTEMPTS = 5;

    private static final MemGuardOptions OPTIONS =
            MemGuardOptions.DEFAULTS.withMaxIdle(0).withCloseTimeout(Duration.ofMillis(300));

    private final Workers threads = new Workers();

    @AfterEach
    void stopThreads() {
        threads.close();
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
        MemGuard guard = MemGuard.create(MemCalls.system(), OPTIONS.withLockLimitBytes(4L * PAGE));
        Enclave small = guard.seal(SHORT.clone());
        assertThat(guard.status().lockedBytes()).isEqualTo(3L * PAGE);

        Enclave large = guard.seal(LONG.clone());

        assertThat(reads(large, LONG)).isTrue();
        assertThat(reads(small, SHORT)).isTrue();
        guard.shutDown();
    }

    @Test
    void threadsThatComeTogetherDoNotMakeMoreWindowsThanAllowed() throws Exception {
        PausingMemCall memCall = new PausingMemCall();
        MemGuard guard = MemGuard.create(
                memCall, OPTIONS.withCloseTimeout(Duration.ofSeconds(30)).withEnclaves(ONE));
        dropTheOnlyWindow(guard);
        PausingMemCall.Pause pause = memCall.pauseAllocation();
        Future<Enclave> first = threads.submit(() -> guard.seal(SHORT.clone()));
        pause.awaitReached();

        Future<Enclave> second = threads.submit(() -> guard.seal(SHORT.clone()));
        Await.until("the second thread", () -> second.isDone() || SealingProbe.waiting(guard) > 0);
        boolean overtook = second.isDone();
        pause.letGo.countDown();

        assertThat(reads(Await.result(first), SHORT)).isTrue();
        assertThat(reads(Await.result(second), SHORT)).isTrue();
        assertThat(overtook)
                .as("had a window although the only one was being made")
                .isFalse();
        guard.shutDown();
    }

    @Test
    void threadThatWaitsForAWindowHearsThatTheGuardIsShutDown() throws Exception {
        MemGuard guard = MemGuard.create(
                MemCalls.system(),
                OPTIONS.withCloseTimeout(Duration.ofMinutes(10)).withEnclaves(ONE));
        Enclave used = guard.seal(SHORT.clone());
        Enclave wanted = guard.seal(SHORT.clone());
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch leave = new CountDownLatch(1);
        Future<?> reader = threads.run(() -> used.withBytes(view -> {
            inside.countDown();
            Await.open("the reader's leave", leave);
            return true;
        }));
        Await.open("the reader", inside);
        Future<Boolean> waiter = threads.submit(() -> reads(wanted, SHORT));
        SealingProbe.awaitWaiting(guard, 1, List.of(reader, waiter));

        Future<?> end = threads.run(guard::shutDown);

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> Await.result(waiter))
                .withCauseInstanceOf(SecretClosedException.class);
        leave.countDown();
        Await.result(end);
    }

    @Test
    void threadAtTheLockLimitWaitsForTheWindowThatAnotherOneIsMaking() throws Exception {
        PausingMemCall memCall = new PausingMemCall();
        MemGuard guard = MemGuard.create(
                memCall, OPTIONS.withCloseTimeout(Duration.ofSeconds(30)).withLockLimitBytes(3L * PAGE));
        dropTheOnlyWindow(guard);
        PausingMemCall.Pause pause = memCall.pauseAllocation();
        Future<Enclave> first = threads.submit(() -> guard.seal(SHORT.clone()));
        pause.awaitReached();

        Future<Enclave> second = threads.submit(() -> guard.seal(SHORT.clone()));
        awaitThatOneRests(guard, second);
        pause.letGo.countDown();

        assertThat(reads(Await.result(first), SHORT)).isTrue();
        assertThat(reads(Await.result(second), SHORT)).isTrue();
        assertThat(guard.status().enclaves().windows()).isEqualTo(1);
        guard.shutDown();
    }

    /** A thread that tries again and again instead would be met while it does not rest. */
    private static void awaitThatOneRests(MemGuard guard, Future<?> result) {
        int[] resting = {0};
        Await.until("a thread to rest", () -> {
            assertThat(result).isNotDone();
            resting[0] = SealingProbe.resting(guard) == 1 ? resting[0] + 1 : 0;
            return resting[0] == 100;
        });
    }

    private static void dropTheOnlyWindow(MemGuard guard) {
        try {
            guard.seal(1, target -> guard.purge(Duration.ZERO));
        } catch (SecretClosedException e) {
            assertThat(guard.status().enclaves().windows()).isZero();
        }
    }

    @Test
    void windowThatCameBackWhileAPurgeLookedAtAnotherOneIsNotUsedAgain() throws Exception {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            MemGuard guard = MemGuard.create(MemCalls.system(), OPTIONS);
            if (windowComesBackDuringAPurge(guard)) {
                assertThat(reads(guard.seal(SHORT.clone()), SHORT)).isTrue();
                guard.shutDown();
                return;
            }
        }
        throw new AssertionError("each purge gave up the lock, for which it waits a second");
    }

    /** Returns whether it was so: on a machine that stalls, the purge does not wait for as long. */
    private boolean windowComesBackDuringAPurge(MemGuard guard) throws Exception {
        Enclave enclave = guard.seal(SHORT.clone());
        Map<SealingWindow, Occupant<Integer>> stays = new HashMap<>();
        for (int i = 0; i < 2; i++) {
            Occupant<Integer> stay = Occupant.enter(
                    threads,
                    place -> enclave.withBytes(view -> {
                        place.stay();
                        return view.length();
                    }));
            // Its window is the one that the set did not have.
            SealingProbe.all(guard).forEach(window -> stays.putIfAbsent(window, stay));
        }
        List<SealingWindow> windows = List.copyOf(SealingProbe.all(guard));
        assertThat(windows).hasSize(2);
        Occupant<Integer> stayInFirst = stays.get(windows.get(0));
        ReentrantLock first = SealingProbe.lockOf(windows.get(0));
        Future<PurgeReport> purging;
        first.lock();
        try {
            purging = threads.submit(() -> guard.purge(Duration.ZERO));
            Await.until("the purge", () -> first.hasQueuedThreads() || purging.isDone());
            assertThat(stays.get(windows.get(1)).leave()).isEqualTo(SHORT.length);
        } finally {
            first.unlock();
        }
        boolean inTime = Await.result(purging).failed() == 0;
        stayInFirst.letGo();
        if (inTime) {
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(stayInFirst::leave)
                    .withCauseInstanceOf(SecretClosedException.class);
        }
        return inTime;
    }
}
