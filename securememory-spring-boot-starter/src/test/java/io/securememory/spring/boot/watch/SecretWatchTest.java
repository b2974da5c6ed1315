package io.securememory.spring.boot.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.securememory.testing.Await;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.ThreadsByName;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a look, a listener or an interruption may do to the watch: nothing ends it, and nothing holds up the others. */
@OnceInShortForm
class SecretWatchTest {

    private static final Duration INTERVAL = Duration.ofMillis(1);
    private static final int STOPS = 200;

    private final ThreadsByName threads = ThreadsByName.startedFromNowOn(SecretWatch.THREAD_NAME);
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<SecretWatch> started = new ArrayList<>();

    @AfterEach
    void end() {
        end.countDown();
        started.forEach(SecretWatch::destroy);
        assertThat(threads.alive()).isEmpty();
    }

    private void start(Watched... watched) {
        SecretWatch watch = new SecretWatch(List.of(watched), Duration.ofSeconds(30));
        started.add(watch);
        watch.start();
    }

    /** Counts its looks, which do as a test says. */
    private static final class Counting implements Watched {

        private final Runnable look;
        private final Runnable tell;
        final AtomicInteger looks = new AtomicInteger();
        final AtomicInteger tells = new AtomicInteger();

        Counting(Runnable look, Runnable tell) {
            this.look = look;
            this.tell = tell;
        }

        @Override
        public String title() {
            return "the test";
        }

        @Override
        public Duration interval() {
            return INTERVAL;
        }

        @Override
        public void look() {
            looks.incrementAndGet();
            look.run();
        }

        @Override
        public void tell() {
            tells.incrementAndGet();
            tell.run();
        }

        @Override
        public WatchStatus status() {
            return new WatchStatus(
                    WatchStatus.SECRET, "test", true, WatchState.CURRENT, Instant.EPOCH, null, null, 0, null);
        }

        void awaitMoreLooks() {
            int before = looks.get();
            Await.until("more looks", () -> looks.get() > before + 3);
        }
    }

    private static Counting quiet() {
        return new Counting(() -> {}, () -> {});
    }

    @SuppressWarnings("unchecked") // The compiler is not to know.
    private static <T extends Throwable> void sneak(Throwable failure) throws T {
        throw (T) failure;
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                OutOfMemoryError.class,
                StackOverflowError.class,
                InternalError.class,
                IllegalStateException.class,
                InterruptedException.class
            })
    void noFailureEndsTheLooks(Class<? extends Throwable> kind) {
        Runnable failing = () -> {
            try {
                SecretWatchTest.<RuntimeException>sneak(
                        kind.getDeclaredConstructor().newInstance());
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        };
        Counting looking = new Counting(failing, () -> {});
        Counting telling = new Counting(() -> {}, failing);
        start(looking, telling);
        looking.awaitMoreLooks();
        telling.awaitMoreLooks();
        assertThat(telling.tells).hasPositiveValue();
    }

    @Test
    void neitherALookNorAListenerThatNeverReturnsHoldsUpOthers() {
        Counting stuckLook = new Counting(() -> Await.open("the end", end), () -> {});
        Counting stuckListener = new Counting(() -> {}, () -> Await.open("the end", end));
        Counting other = quiet();
        start(stuckLook, stuckListener, other);
        Await.until("both to be stuck", () -> stuckLook.looks.get() == 1 && stuckListener.tells.get() == 1);
        other.awaitMoreLooks();
        stuckListener.awaitMoreLooks();
        assertThat(stuckLook.looks).as("one look at a time").hasValue(1);
        assertThat(stuckListener.tells).as("one after the other").hasValue(1);
        end.countDown();
        stuckLook.awaitMoreLooks();
    }

    /** Also the one that has not begun yet when the stop comes: while others want the processors, it takes long to begin. */
    @Test
    void aStopLeavesNoThreadBehind() throws InterruptedException {
        Thread[] busy = new Thread[2 * Runtime.getRuntime().availableProcessors()];
        for (int i = 0; i < busy.length; i++) {
            busy[i] = new Thread(() -> {
                while (end.getCount() > 0) {
                    Thread.onSpinWait();
                }
            });
            busy[i].setDaemon(true);
            busy[i].start();
        }
        for (int i = 0; i < STOPS; i++) {
            Counting first = quiet();
            start(first, quiet(), quiet(), quiet(), quiet(), quiet());
            Await.until("a look", () -> first.looks.get() > 0);
            started.get(i).stop();
            assertThat(threads.alive()).as("stop %d", i).isEmpty();
        }
    }

    @Test
    void interruptionsEndNothing() {
        Counting interrupting = new Counting(
                () -> Thread.currentThread().interrupt(),
                () -> Thread.currentThread().interrupt());
        Counting other = quiet();
        start(interrupting, other);
        for (int i = 0; i < 3; i++) {
            threads.alive().forEach(Thread::interrupt);
            interrupting.awaitMoreLooks();
            other.awaitMoreLooks();
        }
    }

    @Test
    void whatComesLaterIsWatchedToo() {
        start();
        assertThat(threads.alive()).isEmpty();
        Counting late = quiet();
        started.get(0).add(late);
        late.awaitMoreLooks();
    }

    /** A second stop, and the destruction, do not wait again. */
    @Test
    void aListenerThatIgnoresInterruptionsHoldsUpAShutdownForASecondOnly() {
        Counting stuck = new Counting(() -> {}, () -> {
            while (end.getCount() > 0) {
                LockSupport.parkNanos(1_000_000);
            }
        });
        start(stuck);
        Await.until("it to be told", () -> stuck.tells.get() == 1);
        long begin = System.nanoTime();
        started.get(0).stop();
        started.get(0).stop();
        started.get(0).destroy();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        assertThat(threads.alive()).as("it is stuck").hasSize(1);
        end.countDown();
        threads.awaitEnd();
    }

    @Test
    void aListenerThatDoesNotReturnIsInterruptedByAStop() {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Counting waiting = new Counting(() -> {}, () -> {
            inside.countDown();
            try {
                Await.open("the end", end);
            } catch (RuntimeException | Error e) {
                interrupted.countDown();
                throw e;
            }
        });
        start(waiting);
        Await.open("the listener", inside);
        started.get(0).stop();
        Await.open("the interruption", interrupted);
        threads.awaitEnd();
    }

    @Test
    void aStopDoesNotWaitForALongLookButTheDestructionDoes() throws InterruptedException {
        Counting looking = new Counting(() -> Await.open("the end", end), () -> {});
        start(looking);
        Await.until("a look", () -> looking.looks.get() == 1);
        started.get(0).stop();
        assertThat(threads.alive()).as("at work, and not interrupted").hasSize(1);
        Thread destroying = new Thread(started.get(0)::destroy);
        destroying.start();
        Await.until("a wait", () -> destroying.getState() == Thread.State.TIMED_WAITING);
        assertThat(threads.alive()).hasSize(1);
        end.countDown();
        threads.awaitEnd();
        destroying.join();
    }

    @Test
    void aStopWaitsForALookButALookThatStopsDoesNotWaitForItself() {
        CountDownLatch inside = new CountDownLatch(1);
        Counting stopping = new Counting(() -> {}, () -> {
            if (inside.getCount() == 1) {
                inside.countDown();
                started.get(0).stop();
            }
        });
        start(stopping);
        Await.open("the listener that stops", inside);
        threads.awaitEnd();
        int looks = stopping.looks.get();
        started.get(0).start();
        stopping.awaitMoreLooks();
        assertThat(stopping.looks).hasValueGreaterThan(looks);
        started.get(0).stop();
        assertThat(threads.alive()).isEmpty();
    }

    @Test
    void aWatchThatWasNeverStartedIsDestroyedQuietly() {
        SecretWatch watch = new SecretWatch(List.of(), Duration.ZERO);
        assertThatCode(watch::destroy).doesNotThrowAnyException();
    }
}
