package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.CanaryViolationException;
import io.securememory.SecretClosedException;
import io.securememory.memcall.Protection;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Readers that are counted while they are not inside yet: they wait for the pages, or are refused. */
@Timeout(60)
class CountedReadersTest {

    private final PausingMemCall memCall = new PausingMemCall();
    private final MemGuard guard =
            MemGuard.create(memCall, MemGuardOptions.DEFAULTS.withMaxIdle(0).withCanaryPolicy(CanaryPolicy.PURGE));
    private final LockedBuffer buffer = guard.moveFrom(LockedBufferContract.pattern(32));
    private final CountDownLatch inside = new CountDownLatch(1);
    private final CountDownLatch letGo = new CountDownLatch(1);

    private static Thread start(FutureTask<?> task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private FutureTask<Boolean> reader() {
        return new FutureTask<>(() -> buffer.contentEquals(LockedBufferContract.pattern(32)));
    }

    private FutureTask<Boolean> read() {
        FutureTask<Boolean> task = reader();
        start(task);
        return task;
    }

    /** Starts a reader and returns once it waits for the lock that another thread has. */
    private FutureTask<Boolean> readBehind() {
        FutureTask<Boolean> task = reader();
        Thread thread = start(task);
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        return task;
    }

    private FutureTask<Boolean> stay() throws InterruptedException {
        FutureTask<Boolean> task = new FutureTask<>(() -> buffer.<Boolean, InterruptedException>withBytes(view -> {
            inside.countDown();
            letGo.await();
            return true;
        }));
        start(task);
        inside.await();
        return task;
    }

    @Test
    void pagesAreOpenedOnceForAllWhoWait() throws Exception {
        memCall.failWhere(call -> false);
        memCall.protection.set(Protection.READ_ONLY);
        FutureTask<Boolean> opening = read();
        memCall.paused.await();
        FutureTask<Boolean> second = readBehind();
        FutureTask<Boolean> third = readBehind();
        memCall.letGo.countDown();

        assertThat(opening.get()).isTrue();
        assertThat(second.get()).isTrue();
        assertThat(third.get()).isTrue();
        assertThat(memCall.calls()).containsExactly("protect(READ_ONLY)", "protect(NO_ACCESS)");
        buffer.close();
        assertThat(memCall.mapped()).isZero();
    }

    @Test
    void whoWaitsOpensThePagesAfterAnotherOneFailed() throws Exception {
        memCall.failWhere(call -> call == 0);
        memCall.protection.set(Protection.READ_ONLY);
        FutureTask<Boolean> failing = read();
        memCall.paused.await();
        FutureTask<Boolean> second = readBehind();
        memCall.letGo.countDown();

        assertThat(second.get()).isTrue();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(failing::get)
                .withMessageContaining("protect(READ_ONLY)");
        buffer.close();
        assertThat(memCall.mapped()).isZero();
    }

    /** The purge has given up waiting for a reader, who leaves while another one is counted that will be refused. */
    private FutureTask<Boolean> purgeWithOneInsideAndOneRefused() throws Exception {
        FutureTask<Boolean> staying = stay();
        memCall.protection.set(Protection.READ_WRITE);
        FutureTask<Integer> purging =
                new FutureTask<>(() -> guard.purge(Duration.ZERO).deferred());
        start(purging);
        memCall.paused.await();
        FutureTask<Boolean> refused = readBehind();
        letGo.countDown();
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(staying::get)
                .withCauseInstanceOf(SecretClosedException.class);
        memCall.letGo.countDown();
        assertThat(purging.get()).isEqualTo(1);
        return refused;
    }

    @Test
    void whoIsRefusedAndTheLastOneReleases() throws Exception {
        FutureTask<Boolean> refused = purgeWithOneInsideAndOneRefused();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(refused::get)
                .withCauseInstanceOf(SecretClosedException.class);
        assertThat(guard.status().liveBuffers()).isZero();
        assertThat(guard.status().lockedBytes()).isZero();
        assertThat(memCall.mapped()).isZero();
    }

    @Test
    void whoIsRefusedAndTheLastOneRaisesTheAlarm() throws Exception {
        buffer.melt();
        CanaryPolicyTest.damage(buffer);
        LockedBuffer other = guard.sharingLimit().allocate(1);

        FutureTask<Boolean> refused = purgeWithOneInsideAndOneRefused();

        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(refused::get)
                .havingCause()
                .isInstanceOf(SecretClosedException.class)
                .satisfies(e ->
                        assertThat(e.getSuppressed()).singleElement().isInstanceOf(CanaryViolationException.class));
        assertThat(other.isAlive()).isFalse();
        assertThat(memCall.mapped()).isZero();
    }
}
