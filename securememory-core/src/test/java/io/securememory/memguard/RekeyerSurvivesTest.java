package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.memcall.MemCalls;
import io.securememory.testing.Await;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Result;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Nothing ends the thread that rekeys but the end of its work. */
class RekeyerSurvivesTest {

    private static final String NAME = "securememory-rekey";

    @Test
    void interruptionByOthersDoesNotEndIt() {
        List<Thread> before = rekeying();
        MemGuard guard = MemGuard.create(
                MemCalls.system(),
                MemGuardOptions.DEFAULTS.withEnclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ofMillis(5))));
        guard.prepareSealing();
        List<Thread> started =
                rekeying().stream().filter(thread -> !before.contains(thread)).toList();
        assertThat(started).hasSize(1);

        for (int i = 0; i < 5; i++) {
            long rekeys = guard.status().enclaves().rekeysTotal();
            started.get(0).interrupt();
            Await.until("a rekey more", () -> guard.status().enclaves().rekeysTotal() > rekeys + 1);
        }

        assertThat(rekeying()).containsAll(started);
        guard.shutDown();
        Await.end(started.get(0));
    }

    private static List<Thread> rekeying() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(NAME))
                .toList();
    }

    @Test
    void heapThatIsFullForAMomentDoesNotEndIt() {
        Result result = ChildJvm.onTestClassPath(FullHeap.class)
                .options("-Xmx32m", "-XX:+UseSerialGC", "-XX:-UseGCOverheadLimit")
                .withNativeAccess()
                .run();

        assertThat(result.output())
                .contains("rekeyed again after the heap was full")
                .containsPattern("failures: [1-9]")
                .contains("the thread of before is alive: true");
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    /** Fills its heap to the last word until a rekey has failed or some have gone by. */
    static final class FullHeap {

        private static @Nullable Object kept;

        private FullHeap() {}

        public static void main(String[] arguments) {
            SecureMemory session = SecureMemory.create(io.securememory.SecureMemoryOptions.builder()
                    .enclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ofMillis(5)))
                    .build());
            Secret secret = session.secrets(Storage.SEALED).createRandom(32);
            Thread before = rekeying().get(0);
            Await.until("a rekey that fails", () -> {
                fill();
                TimeUnit.MILLISECONDS.sleep(
                        20); // A turn in a full heap: what it does there is not to be seen from outside.
                kept = null;
                return session.status().rekeyFailuresTotal() > 0;
            });
            long rekeys = session.status().rekeysTotal();
            Await.until("a rekey", () -> session.status().rekeysTotal() > rekeys + 1);
            System.out.println("rekeyed again after the heap was full; failures: "
                    + session.status().rekeyFailuresTotal() + ", length " + secret.length());
            System.out.println("the thread of before is alive: " + before.isAlive());
        }

        private static void fill() {
            int size = 1 << 16;
            Object[] head = new Object[1];
            while (size > 0) {
                try {
                    Object[] next = new Object[size];
                    next[0] = head;
                    head = next;
                    kept = head;
                } catch (OutOfMemoryError e) {
                    size >>= 1;
                }
            }
        }
    }
}
