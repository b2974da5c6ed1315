package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.MemoryLimitException;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.MemoryRegion;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that are refused a window hear of what comes back, at whatever moment it does. */
@Timeout(60)
class WindowReturnsTest {

    private static final int PAGE = 4096;

    /** Too long for a window that is kept. */
    private static final byte[] HUGE = LockedBufferContract.pattern(200_000);

    private static final byte[] TWO_PAGES = LockedBufferContract.pattern(5_000);
    private static final byte[] SHORT = LockedBufferContract.pattern(100);

    private static final MemGuardOptions OPTIONS =
            MemGuardOptions.DEFAULTS.withMaxIdle(0).withCloseTimeout(Duration.ofSeconds(50));

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch mayLeave = new CountDownLatch(1);

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
    }

    private Future<Integer> stayInside(Enclave enclave) throws InterruptedException {
        Future<Integer> stay = threads.submit(() -> enclave.<Integer, InterruptedException>withBytes(view -> {
            inside.countDown();
            mayLeave.await();
            return view.length();
        }));
        inside.await();
        return stay;
    }

    /** Memory whose lock is refused at a moment that a test chooses, as the kernel does. */
    private static final class RefusingMemCall extends FaultyMemCall {
        private final AtomicInteger refusals = new AtomicInteger();
        private Runnable beforeTheLast = () -> {};

        RefusingMemCall() {
            super(MemCalls.system());
        }

        @Override
        public void lock(MemoryRegion region) {
            int left = refusals.get();
            if (left > 0) {
                if (refusals.decrementAndGet() == 0) {
                    beforeTheLast.run();
                }
                throw new MemoryLimitException(PAGE, 0, PAGE, 12);
            }
            super.lock(region);
        }
    }

    @Test
    void windowThatIsGivenBackBetweenTheRefusalAndTheLookAtOthersIsNotMissed() throws Exception {
        RefusingMemCall memCall = new RefusingMemCall();
        MemGuard guard = MemGuard.create(memCall, OPTIONS);
        Enclave enclave = guard.seal(HUGE.clone());
        assertThat(guard.status().enclaves().windows()).isZero();
        Future<Integer> stay = stayInside(enclave);
        memCall.beforeTheLast = () -> {
            mayLeave.countDown();
            get(stay);
        };
        memCall.refusals.set(2); // Mapping tries twice.

        assertThat(enclave.<Boolean, RuntimeException>withBytes(view -> view.contentEquals(HUGE)))
                .isTrue();

        assertThat(memCall.refusals.get()).isZero();
        guard.shutDown();
    }

    @Test
    void placeOfAWindowThatDidNotFitIsForWhoseWindowFits() throws Exception {
        PausingMemCall memCall = new PausingMemCall();
        EnclaveOptions two = EnclaveOptions.DEFAULTS
                .withRekeyInterval(Duration.ZERO)
                .withMaxWindows(2)
                .withWhenExhausted(WindowExhaustion.WAIT);
        MemGuard guard = MemGuard.create(memCall, OPTIONS.withEnclaves(two).withLockLimitBytes(4 * PAGE));
        Future<Integer> stay = stayInside(guard.seal(SHORT.clone()));
        PausingMemCall.Pause pause = memCall.pauseLimit();
        Future<Enclave> larger = threads.submit(() -> guard.seal(TWO_PAGES.clone()));
        pause.reached.await();
        Future<Enclave> fitting = threads.submit(() -> guard.seal(SHORT.clone()));
        SealingProbe.awaitWaiting(guard, 1);
        pause.letGo.countDown();

        assertThat(fitting.get(30, TimeUnit.SECONDS).size()).isEqualTo(SHORT.length);

        assertThat(stay).isNotDone();
        mayLeave.countDown();
        assertThat(larger.get().size()).isEqualTo(TWO_PAGES.length);
        guard.shutDown();
    }

    private static <T> T get(Future<T> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
