package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.Pages;
import io.securememory.memguard.EnclaveOptions;
import io.securememory.memguard.LeakDetection;
import io.securememory.testing.Await;
import io.securememory.testing.Program;
import io.securememory.testing.Workers;
import java.io.FileInputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sessions that seal, at the limit and with faults. */
class SealedFallbackEdgeCasesTest {

    private static final int PAGE = Pages.SIZE;
    private static final int TWO_PAGES = PAGE + 900;
    private static final int PAGES = 8;

    private final Workers threads = new Workers();

    @AfterEach
    void stopThreads() {
        threads.close();
    }

    private static SecureMemoryOptions.Builder options() {
        return SecureMemoryOptions.builder()
                .lockLimitBytes((long) PAGES * PAGE)
                .poolMaxIdle(0)
                .leakDetection(LeakDetection.OFF)
                .closeTimeout(Duration.ofMillis(300))
                .enclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ZERO));
    }

    /** A session whose pages are taken, but for so many. */
    private static SecureMemory sessionWith(int free) {
        SecureMemory session = SecureMemory.create(options().build());
        for (int i = 0; session.status().lockedBytes() < (long) (PAGES - free) * PAGE; i++) {
            assertThat(i).as("secrets that take a page each").isLessThan(PAGES);
            session.secrets().createRandom(10);
        }
        return session;
    }

    @Test
    void pipeThatMetTheLimitHalfWayIsNeverCutOff(@TempDir Path directory) throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(Program.run("mkfifo", pipe.toString()).exitCode()).isZero();
        byte[] bytes = new byte[2000];
        java.util.Arrays.fill(bytes, (byte) 7);
        try (SecureMemory session = sessionWith(1);
                RandomAccessFile writer = new RandomAccessFile(pipe.toFile(), "rw");
                FileInputStream content = new FileInputStream(writer.getFD())) {
            writer.write(bytes);
            Future<Secret> reading = threads.submit(() -> session.secrets().read(pipe));
            Await.until("the pipe to be empty", () -> reading.isDone() || content.available() == 0);
            writer.close();
            try {
                assertThat(Await.result(reading).length()).isEqualTo(bytes.length);
            } catch (ExecutionException e) {
                assertThat(e).hasCauseInstanceOf(MemoryLimitException.class);
            }
        }
    }

    @Test
    void idleWindowGivesWayToTheLargerOneThatASecretNeeds() {
        try (SecureMemory session = sessionWith(1)) {
            byte[] expected = new byte[TWO_PAGES];
            expected[TWO_PAGES - 1] = 1;

            Secret secret = session.secrets().create(expected.clone());

            assertThat(secret.storage()).isEqualTo(Storage.SEALED);
            assertThat(secret.contentEquals(expected)).isTrue();
        }
    }

    @Test
    void secretThatCannotEvenBeSealedIsRefusedAsTheLimitSays() {
        try (SecureMemory session = sessionWith(0)) {
            assertThatExceptionOfType(SecureMemoryException.class)
                    .isThrownBy(() -> session.secrets().create(new byte[TWO_PAGES]))
                    .isInstanceOf(MemoryLimitException.class);
        }
    }

    @Test
    void sessionThatCannotBeOpenedLeavesNothingBehind() {
        FaultyMemCall counted = new FaultyMemCall(MemCalls.system());
        SecureMemory.create(options().build(), counted).close();
        int calls = counted.calls().size();
        for (int i = 0; i < calls; i++) {
            int number = i;
            FaultyMemCall memCall = new FaultyMemCall(MemCalls.system());
            memCall.failWhere(call -> call == number);
            try {
                SecureMemory session = SecureMemory.create(options().build(), memCall);
                memCall.failWhere(call -> false);
                session.close();
            } catch (SecureMemoryException e) {
                assertThat(memCall.mapped()).as("after call %d failed", i).isZero();
            }
        }
    }

    @Test
    void closeWipesEverySecretAlsoIfAWindowCannotBeGivenBack() {
        FaultyMemCall memCall = new FaultyMemCall(MemCalls.system());
        SecureMemory session = SecureMemory.create(options().build(), memCall);
        Secret secret = session.secrets().createRandom(10);
        session.memGuard().allocate(10);
        memCall.failEvery("free");
        try {
            session.close();
        } catch (SecureMemoryException e) {
            assertThat(e).hasMessageContaining("Injected");
        }

        assertThat(secret.isClosed()).isTrue();
        memCall.failWhere(call -> false);
        session.purge();
        assertThat(memCall.mapped()).as("which fails if one was freed unwiped").isNotNegative();
    }
}
