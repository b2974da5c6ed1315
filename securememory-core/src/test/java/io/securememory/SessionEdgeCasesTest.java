package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.memcall.Pages;
import io.securememory.memguard.EnclaveOptions;
import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.WindowExhaustion;
import io.securememory.testing.Await;
import io.securememory.testing.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
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

    /** A signature that waits for a window takes it after the purge has begun, which wipes it all the same. */
    @Test
    void aSignatureThatAPurgeOvertakesFails() throws Exception {
        EnclaveOptions one = EnclaveOptions.DEFAULTS.withMaxWindows(1).withWhenExhausted(WindowExhaustion.WAIT);
        try (SecureMemory session = SecureMemory.create(options().enclaves(one).build())) {
            Secret key = session.secrets(Storage.PROTECTED).createRandom(100);
            Secret sealed = session.secrets(Storage.SEALED).createRandom(10);
            HmacSha256 signer = new HmacSha256(key);
            CountDownLatch inside = new CountDownLatch(1);
            CountDownLatch leave = new CountDownLatch(1);
            Future<?> reader = threads.run(() -> sealed.useBytes(view -> {
                inside.countDown();
                Await.open("the reader's leave", leave);
            }));
            Await.open("the reader", inside);
            CountDownLatch signing = new CountDownLatch(1);
            Future<byte[]> signature = threads.submit(() -> key.withBytes(view -> {
                signing.countDown();
                return signer.sign(new byte[100]);
            }));
            Await.open("the signer", signing);

            session.purge(Duration.ZERO);
            leave.countDown();

            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> Await.result(signature))
                    .withCauseInstanceOf(SecretClosedException.class);
            assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> Await.result(reader));
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
