package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.CanaryViolationException;
import io.securememory.SecretClosedException;
import io.securememory.memcall.Protection;
import io.securememory.testing.Await;
import io.securememory.testing.Workers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Readers that are counted while they are not inside yet: they wait for the pages, or are refused. */
class CountedReadersTest {

    private static final int ATTEMPTS = 200;

    private final Workers threads = new Workers();

    @AfterEach
    void stopThreads() {
        threads.close();
    }

    /** One secret and the threads that use it. */
    private final class Scene {

        final PausingMemCall memCall = new PausingMemCall();
        final MemGuard guard = MemGuard.create(
                memCall,
                MemGuardOptions.DEFAULTS
                        .withMaxIdle(0)
                        .withLeakDetection(LeakDetection.OFF)
                        .withCanaryPolicy(CanaryPolicy.PURGE));
        final LockedBuffer other = guard.sharingLimit().allocate(1);
        final LockedBuffer buffer = guard.moveFrom(LockedBufferContract.pattern(32));
        private final ReentrantLock lock = SealingProbe.lockOf(buffer);

        Use<Boolean> read() {
            return new Use<>(lock, () -> buffer.contentEquals(LockedBufferContract.pattern(32)));
        }

        void end() {
            other.close();
            guard.shutDown();
        }

        /**
         * A reader waits for the lock while another one opens the pages; before it gets the lock, a purge refuses it, and
         * wipes under the eyes of the other one, who leaves. So the one that is refused is the last one.
         *
         * @return the one that is refused, or nothing if it had the lock before the purge
         */
        Optional<Future<Boolean>> lastOneIsRefused() throws ExecutionException {
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch mayLeave = new CountDownLatch(1);
            PausingMemCall.Pause opening = memCall.pauseProtection(Protection.READ_ONLY);
            Use<Boolean> staying = new Use<>(
                    lock,
                    () -> buffer.withBytes(view -> {
                        inside.countDown();
                        Await.open("the end of the stay", mayLeave);
                        return true;
                    }));
            opening.awaitReached();
            PausingMemCall.Pause wiping = memCall.pauseProtection(Protection.READ_WRITE);
            Use<Integer> purging =
                    new Use<>(lock, () -> guard.purge(Duration.ZERO).deferred());
            purging.queuesOrEnds();
            Use<Boolean> refused = read();
            refused.queuesOrEnds();
            opening.letGo.countDown();
            Await.open("the reader", inside);
            Await.until("the purge", () -> wiping.reached.getCount() == 0 || purging.task.isDone());
            boolean waits = refused.queuesOrEnds() && !purging.task.isDone();

            mayLeave.countDown();
            if (!waits) {
                wiping.letGo.countDown();
                Await.until(
                        "the ends of all",
                        () -> Stream.of(staying, purging, refused).allMatch(use -> use.task.isDone()));
                return Optional.empty();
            }
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> Await.result(staying.task))
                    .withCauseInstanceOf(SecretClosedException.class);
            wiping.letGo.countDown();
            assertThat(Await.result(purging.task)).isEqualTo(1);
            return Optional.of(refused.task);
        }
    }

    /** What a thread of its own does with a lock that others may have. */
    private final class Use<T> {

        final Future<T> task;
        private final ReentrantLock lock;
        private final AtomicReference<Thread> thread = new AtomicReference<>();

        Use(ReentrantLock lock, Callable<T> callable) {
            this.lock = lock;
            task = threads.submit(() -> {
                thread.set(Thread.currentThread());
                return callable.call();
            });
        }

        /** Returns when the thread waits for the lock or has ended; and whether it waits. */
        boolean queuesOrEnds() {
            Await.until("a thread at the lock", () -> isQueued() || task.isDone());
            return !task.isDone();
        }

        private boolean isQueued() {
            Thread started = thread.get();
            return started != null && lock.hasQueuedThread(started);
        }
    }

    /** The purge that has been let in goes on before whoever waits behind it has woken up; nearly always. */
    private Scene lastOneIsRefused(Consumer<Scene> prepare, Consumer<Future<Boolean>> check) throws ExecutionException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Scene scene = new Scene();
            prepare.accept(scene);
            Optional<Future<Boolean>> refused = scene.lastOneIsRefused();
            if (refused.isPresent()) {
                check.accept(refused.get());
                return scene;
            }
            scene.end();
        }
        throw new AssertionError("the reader always had the lock before the purge");
    }

    @Test
    void pagesAreOpenedOnceForAllWhoWait() throws Exception {
        Scene scene = new Scene();
        scene.memCall.failWhere(call -> false);
        PausingMemCall.Pause pause = scene.memCall.pauseProtection(Protection.READ_ONLY);
        Use<Boolean> opening = scene.read();
        pause.awaitReached();
        Use<Boolean> second = scene.read();
        Use<Boolean> third = scene.read();
        assertThat(second.queuesOrEnds()).isTrue();
        assertThat(third.queuesOrEnds()).isTrue();
        pause.letGo.countDown();

        assertThat(Await.result(opening.task)).isTrue();
        assertThat(Await.result(second.task)).isTrue();
        assertThat(Await.result(third.task)).isTrue();
        assertThat(scene.memCall.calls()).containsExactly("protect(READ_ONLY)", "protect(NO_ACCESS)");
        scene.buffer.close();
        scene.other.close();
        assertThat(scene.memCall.mapped()).isZero();
    }

    @Test
    void whoWaitsOpensThePagesAfterAnotherOneFailed() throws Exception {
        Scene scene = new Scene();
        scene.memCall.failWhere(call -> call == 0);
        PausingMemCall.Pause pause = scene.memCall.pauseProtection(Protection.READ_ONLY);
        Use<Boolean> failing = scene.read();
        pause.awaitReached();
        Use<Boolean> second = scene.read();
        assertThat(second.queuesOrEnds()).isTrue();
        pause.letGo.countDown();

        assertThat(Await.result(second.task)).isTrue();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> Await.result(failing.task))
                .withMessageContaining("protect(READ_ONLY)");
        scene.buffer.close();
        scene.other.close();
        assertThat(scene.memCall.mapped()).isZero();
    }

    @Test
    void whoIsRefusedAndTheLastOneReleases() throws Exception {
        Scene scene = lastOneIsRefused(
                unprepared -> {},
                refused -> assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(() -> Await.result(refused))
                        .withCauseInstanceOf(SecretClosedException.class));

        assertThat(scene.guard.status().liveBuffers()).isZero();
        assertThat(scene.other.isAlive()).isTrue();
        scene.other.close();
        assertThat(scene.guard.status().lockedBytes()).isZero();
        assertThat(scene.memCall.mapped()).isZero();
    }

    @Test
    void whoIsRefusedAndTheLastOneRaisesTheAlarm() throws Exception {
        Scene scene = lastOneIsRefused(
                damaged -> {
                    damaged.buffer.melt();
                    CanaryPolicyTest.damage(damaged.buffer);
                },
                refused -> assertThatExceptionOfType(ExecutionException.class)
                        .isThrownBy(() -> Await.result(refused))
                        .havingCause()
                        .isInstanceOf(SecretClosedException.class)
                        .satisfies(e -> assertThat(e.getSuppressed())
                                .singleElement()
                                .isInstanceOf(CanaryViolationException.class)));

        assertThat(scene.other.isAlive()).isFalse();
        assertThat(scene.memCall.mapped()).isZero();
    }
}
