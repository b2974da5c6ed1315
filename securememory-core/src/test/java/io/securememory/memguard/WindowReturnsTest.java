package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.MemoryLimitException;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.MemoryRegion;
import io.securememory.memcall.Pages;
import io.securememory.testing.Await;
import io.securememory.testing.Effort;
import io.securememory.testing.Occupant;
import io.securememory.testing.Workers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads that are refused a window hear of what comes back, at whatever moment it does. */
class WindowReturnsTest {

    private static final int PAGE = Pages.SIZE;

    /** Too long for a window that is kept. */
    private static final byte[] HUGE = LockedBufferContract.pattern(50 * PAGE);

    private static final byte[] TWO_PAGES = LockedBufferContract.pattern(PAGE + 900);
    private static final byte[] SHORT = LockedBufferContract.pattern(100);

    private static final int ROUNDS = Effort.of("window.returns", 500, 20_000);

    private static final MemGuardOptions OPTIONS =
            MemGuardOptions.DEFAULTS.withMaxIdle(0).withCloseTimeout(Duration.ofSeconds(30));

    private static final EnclaveOptions UNDISTURBED = EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ZERO);

    private final Workers threads = new Workers();

    @AfterEach
    void stopThreads() {
        threads.close();
    }

    private Occupant<Integer> stayInside(Enclave enclave) throws ExecutionException {
        return Occupant.enter(
                threads,
                place -> enclave.withBytes(view -> {
                    place.stay();
                    return view.length();
                }));
    }

    /** Memory whose lock is refused at a moment that a test chooses, as the kernel does. */
    private static final class RefusingMemCall extends FaultyMemCall {
        private final AtomicInteger refusals = new AtomicInteger();
        private volatile Runnable beforeTheLast = () -> {};

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
        MemGuard guard = MemGuard.create(memCall, OPTIONS.withEnclaves(UNDISTURBED));
        Enclave enclave = guard.seal(HUGE.clone());
        assertThat(guard.status().enclaves().windows()).isZero();
        Occupant<Integer> stay = stayInside(enclave);
        memCall.beforeTheLast = () -> {
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
        EnclaveOptions two = UNDISTURBED.withMaxWindows(2).withWhenExhausted(WindowExhaustion.WAIT);
        MemGuard guard = MemGuard.create(memCall, OPTIONS.withEnclaves(two).withLockLimitBytes(4L * PAGE));
        Occupant<Integer> stay = stayInside(guard.seal(SHORT.clone()));
        PausingMemCall.Pause pause = memCall.pauseLimit();
        Future<Enclave> larger = threads.submit(() -> guard.seal(TWO_PAGES.clone()));
        pause.awaitReached();
        Future<Enclave> fitting = threads.submit(() -> guard.seal(SHORT.clone()));
        SealingProbe.awaitWaiting(guard, 1, List.of(fitting));
        pause.letGo.countDown();

        assertThat(Await.result(fitting).size()).isEqualTo(SHORT.length);

        assertThat(stay.result()).isNotDone();
        assertThat(stay.leave()).isEqualTo(SHORT.length);
        assertThat(Await.result(larger).size()).isEqualTo(TWO_PAGES.length);
        guard.shutDown();
    }

    /** The smaller window is in use and idle in turns, so that it comes back between any two steps of the other thread. */
    @Test
    void windowThatComesBackDuringAnAttemptGivesWayToALargerOne() throws Exception {
        EnclaveOptions two = UNDISTURBED.withMaxWindows(2).withWhenExhausted(WindowExhaustion.WAIT);
        for (int i = 0; i < ROUNDS; i++) {
            MemGuard guard =
                    MemGuard.create(MemCalls.system(), OPTIONS.withEnclaves(two).withLockLimitBytes(4L * PAGE));
            Enclave small = guard.seal(SHORT.clone());
            Future<Enclave> larger = threads.submit(() -> guard.seal(TWO_PAGES.clone()));
            while (!larger.isDone()) {
                assertThat(small.<Integer, RuntimeException>withBytes(view -> view.length()))
                        .isEqualTo(SHORT.length);
            }

            assertThat(Await.result(larger).size()).as("round %d", i).isEqualTo(TWO_PAGES.length);
            guard.shutDown();
        }
    }

    private static void get(Occupant<?> occupant) {
        try {
            occupant.leave();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
