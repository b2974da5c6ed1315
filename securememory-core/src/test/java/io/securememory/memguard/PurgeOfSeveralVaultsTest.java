package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.PurgeReport;
import io.securememory.SecretClosedException;
import io.securememory.memcall.MemCalls;
import io.securememory.testing.Await;
import io.securememory.testing.Workers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several vaults are purged as one: what is made in one of them while another one is waited for is not touched. */
class PurgeOfSeveralVaultsTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final Workers workers = new Workers();
    private final CountDownLatch leave = new CountDownLatch(1);
    private final MemGuard first = MemGuard.create(
            MemCalls.system(),
            MemGuardOptions.DEFAULTS.withCloseTimeout(TIMEOUT).withLeakDetection(LeakDetection.OFF));
    private final MemGuard second = first.sharingLimit();
    private final Enclave idle = second.sealRandom(8);

    @AfterEach
    void close() {
        leave.countDown();
        workers.close();
        MemGuard.shutDown(List.of(first, second));
    }

    private Future<Integer> stayInside(MemGuard guard) {
        CountDownLatch inside = new CountDownLatch(1);
        Enclave enclave = guard.sealRandom(8);
        Future<Integer> reader = workers.submit(() -> enclave.<Integer, RuntimeException>withBytes(view -> {
            inside.countDown();
            Await.open("the end of the reader", leave);
            return view.length();
        }));
        Await.open("the reader", inside);
        return reader;
    }

    @Test
    void accessThatBeganMeanwhileIsNotCutOff() throws ExecutionException {
        Future<Integer> stays = stayInside(first);
        Future<PurgeReport> purge = workers.submit(() -> MemGuard.purge(List.of(first, second), TIMEOUT));
        Await.until("the end of the second key", () -> !idle.isAlive());
        Future<Integer> later = stayInside(second);

        PurgeReport report = Await.result(purge);
        leave.countDown();

        assertThat(Await.result(later)).isEqualTo(8);
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> Await.result(stays))
                .withCauseInstanceOf(SecretClosedException.class);
        assertThat(report.deferred()).isEqualTo(1);
        assertThat(report.wiped()).isEqualTo(1);
        assertThat(report.failed()).isZero();
    }

    @Test
    void vaultThatIsBeingClosedSealsNothingWhileAnotherOneIsWaitedFor() throws ExecutionException {
        stayInside(first);
        Future<PurgeReport> closing = workers.submit(() -> MemGuard.shutDown(List.of(first, second)));
        Await.until("the end of the second key", () -> !idle.isAlive());

        assertThat(closing).isNotDone();
        assertThatIllegalStateException()
                .isThrownBy(() -> second.sealRandom(8))
                .withMessageContaining("the session is closed");
        PurgeReport report = Await.result(closing);
        assertThat(report.wiped() + report.deferred()).isEqualTo(2);
        assertThat(second.status().enclaves().live()).isZero();
        assertThat(first.status().enclaves().live()).isZero();
    }
}
