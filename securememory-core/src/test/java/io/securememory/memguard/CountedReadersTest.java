package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.CanaryViolationException;
import io.securememory.SecretClosedException;
import io.securememory.memcall.Protection;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers that are counted while they are not inside yet: they wait for the pages, or are refused. */
@Timeout(60)
class CountedReadersTest {

    /** One secret and the threads that use it. */
    private static final class Scene {

        final PausingMemCall memCall = new PausingMemCall();
        final MemGuard guard =
                MemGuard.create(memCall, MemGuardOptions.DEFAULTS.withMaxIdle(0).withCanaryPolicy(CanaryPolicy.PURGE));
        final LockedBuffer other = guard.sharingLimit().allocate(1);
        final LockedBuffer buffer = guard.moveFrom(LockedBufferContract.pattern(32));
        private final CountDownLatch inside = new CountDownLatch(1);
        private final CountDownLatch mayLeave = new CountDownLatch(1);

        Use<Boolean> read() {
            return new Use<>(() -> buffer.contentEquals(LockedBufferContract.pattern(32)));
        }

        private Use<Boolean> stay() {
            return new Use<>(() -> buffer.<Boolean, InterruptedException>withBytes(view -> {
                inside.countDown();
                mayLeave.await();
                return true;
            }));
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
        Optional<FutureTask<Boolean>> lastOneIsRefused() throws Exception {
            PausingMemCall.Pause opening = memCall.pauseProtection(Protection.READ_ONLY);
            Use<Boolean> staying = stay();
            opening.reached.await();
            PausingMemCall.Pause wiping = memCall.pauseProtection(Protection.READ_WRITE);
            Use<Integer> purging = new Use<>(() -> guard.purge(Duration.ZERO).deferred());
            purging.awaitState(Thread.State.TIMED_WAITING);
            Use<Boolean> refused = read();
            refused.awaitState(Thread.State.WAITING);
            opening.letGo.countDown();
            inside.await();
            while (!wiping.reached.await(1, TimeUnit.MILLISECONDS) && !purging.task.isDone()) {}
            boolean waits = refused.awaitState(Thread.State.WAITING) && !purging.task.isDone();

            mayLeave.countDown();
            if (!waits) {
                wiping.letGo.countDown();
                return Optional.empty();
            }
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(staying.task::get)
                    .withCauseInstanceOf(SecretClosedException.class);
            wiping.letGo.countDown();
            assertThat(purging.task.get()).isEqualTo(1);
            return Optional.of(refused.task);
        }
    }

    /** What a thread of its own does. */
    private static final class Use<T> {

        final FutureTask<T> task;
        private final Thread thread;

        Use(Callable<T> callable) {
            task = new FutureTask<>(callable);
            thread = new Thread(task);
            thread.setDaemon(true);
            thread.start();
        }

        /** Waits until the thread waits so, or has ended; returns whether it waits. */
        boolean awaitState(Thread.State state) throws InterruptedException {
            while (thread.getState() != state && thread.isAlive()) {
                thread.join(1);
            }
            return thread.isAlive();
        }
    }

    /** The purge that has been let in goes on before whoever waits behind it has woken up; nearly always. */
    private static Scene lastOneIsRefused(Consumer<Scene> prepare, Consumer<FutureTask<Boolean>> check)
            throws Exception {
        for (int attempt = 0; attempt < 200; attempt++) {
            Scene scene = new Scene();
            prepare.accept(scene);
            Optional<FutureTask<Boolean>> refused = scene.lastOneIsRefused();
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
        pause.reached.await();
        Use<Boolean> second = scene.read();
        Use<Boolean> third = scene.read();
        assertThat(second.awaitState(Thread.State.WAITING)).isTrue();
        assertThat(third.awaitState(Thread.State.WAITING)).isTrue();
        pause.letGo.countDown();

        assertThat(opening.task.get()).isTrue();
        assertThat(second.task.get()).isTrue();
        assertThat(third.task.get()).isTrue();
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
        pause.reached.await();
        Use<Boolean> second = scene.read();
        assertThat(second.awaitState(Thread.State.WAITING)).isTrue();
        pause.letGo.countDown();

        assertThat(second.task.get()).isTrue();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(failing.task::get)
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
                        .isThrownBy(refused::get)
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
                        .isThrownBy(refused::get)
                        .havingCause()
                        .isInstanceOf(SecretClosedException.class)
                        .satisfies(e -> assertThat(e.getSuppressed())
                                .singleElement()
                                .isInstanceOf(CanaryViolationException.class)));

        assertThat(scene.other.isAlive()).isFalse();
        assertThat(scene.memCall.mapped()).isZero();
    }
}
