package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.memcall.Pages;
import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.internal.ComputingView;
import io.securememory.testing.Await;
import io.securememory.testing.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What several parts do together at a limit, under a purge and at a close. */
class SessionEdgeCasesTest {

    private static final int FEW_PAGES = 16;
    private static final int LONGER_THAN_A_PAGE = 5_000;

    private final Workers threads = new Workers();

    @AfterEach
    void end() {
        threads.close();
    }

    private static SecureMemoryOptions.Builder options() {
        return SecureMemoryOptions.builder().shutdownHook(false).closeTimeout(Duration.ofSeconds(30));
    }

    /** The one window that is there is what opens everything that is sealed. */
    @Test
    void aSecretThatIsTooLongForTheLimitLeavesTheOthersReadable() {
        try (SecureMemory session = SecureMemory.create(
                options().lockLimitBytes((long) FEW_PAGES * Pages.SIZE).build())) {
            List<Secret> secrets = new ArrayList<>();
            while (session.status().liveSealed() < 3) {
                secrets.add(session.secrets().createRandom(32));
            }

            assertThatExceptionOfType(MemoryLimitException.class)
                    .isThrownBy(() -> session.secrets().createRandom(LONGER_THAN_A_PAGE));

            for (Secret secret : secrets) {
                assertThat(secret.<Integer, RuntimeException>withBytes(SecretView::length))
                        .isEqualTo(32);
            }
            assertThat(session.secrets().createRandom(32).storage()).isEqualTo(Storage.SEALED);
        }
    }

    /** A signature may take its window after a purge has looked for those that somebody has. */
    @Test
    void aWindowThatIsTakenWhileAPurgeWaitsIsWipedWithTheKey() throws Exception {
        try (SecureMemory session = SecureMemory.create(options().build())) {
            Secret key = session.secrets(Storage.PROTECTED).createRandom(100);
            Secret sealed = session.secrets(Storage.SEALED).createRandom(10);
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch waiting = new CountDownLatch(1);
            CountDownLatch purged = new CountDownLatch(1);
            AtomicLong left = new AtomicLong(-1);
            Future<Long> computed = threads.submit(() -> key.withBytes(view -> {
                inside.countDown();
                Await.open("the purge", waiting);
                return ((ComputingView) view).compute(Long.BYTES, (memory, at) -> {
                    memory.putLong(at, 42);
                    Await.open("the end of the purge", purged);
                    left.set(memory.getLong(at));
                    return 1L;
                });
            }));
            Await.open("the computation", inside);

            Thread purge = new Thread(() -> session.purge(Duration.ofSeconds(1)));
            purge.start();
            Await.until(
                    "a purge that waits", () -> sealed.isClosed() && purge.getState() == Thread.State.TIMED_WAITING);
            waiting.countDown();
            Await.end(purge);
            purged.countDown();

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> Await.result(computed))
                    .withCauseInstanceOf(SecretClosedException.class);
            assertThat(left).hasValue(0);
        }
    }

    @Test
    void aBufferThatIsBeingFilledIsWipedByAPurge() throws Exception {
        try (SecureMemory session = SecureMemory.create(options().build())) {
            CountDownLatch filled = new CountDownLatch(1);
            CountDownLatch purged = new CountDownLatch(1);
            List<Class<?>> read = new ArrayList<>();
            Future<LockedBuffer> buffer =
                    threads.submit(() -> session.memGuard().allocate(32, view -> {
                        view.put(0, (byte) 1);
                        filled.countDown();
                        Await.open("the purge", purged);
                        try {
                            view.get(0);
                        } catch (SecretClosedException e) {
                            read.add(e.getClass());
                        }
                    }));
            Await.open("the filler", filled);

            PurgeReport report = session.purge(Duration.ZERO);
            purged.countDown();

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> Await.result(buffer))
                    .withCauseInstanceOf(SecretClosedException.class);
            assertThat(report.deferred()).isEqualTo(1);
            assertThat(read).hasSize(1);
            assertThat(session.status().liveBuffers()).isZero();
        }
    }

    /** Whoever reads expects that a secret may be closed, and not that a session is in a wrong state. */
    @Test
    void readsThatMeetACloseFailAsThoseOfAClosedSecret() throws Exception {
        for (int i = 0; i < 50; i++) {
            SecureMemory session = SecureMemory.create(options().build());
            Secret guarded = session.secrets(Storage.PROTECTED).createRandom(32);
            Secret sealed = session.secrets(Storage.SEALED).createRandom(32);
            HmacSha256 signer = new HmacSha256(guarded);
            HmacSha256 ofSealed = new HmacSha256(sealed);
            CountDownLatch reading = new CountDownLatch(2);
            Future<?> first = threads.run(() -> readUntilClosed(reading, () -> signer.sign(new byte[10])));
            Future<?> second = threads.run(() -> readUntilClosed(reading, () -> ofSealed.sign(new byte[10])));
            Await.open("the readers", reading);

            session.close();

            Await.result(first);
            Await.result(second);
        }
    }

    private static void readUntilClosed(CountDownLatch reading, Runnable read) {
        read.run();
        reading.countDown();
        try {
            while (true) {
                read.run();
            }
        } catch (SecretClosedException e) {
            assertThat(e).hasMessageNotContaining("null");
        }
    }
}
