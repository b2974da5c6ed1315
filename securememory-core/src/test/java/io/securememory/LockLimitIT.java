package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memcall.Pages;
import io.securememory.memguard.LeakDetection;
import io.securememory.memguard.LockPolicy;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.Needs;
import io.securememory.testing.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each lock policy in a process that may lock four pages and has no CAP_IPC_LOCK, which would exempt it. */
class LockLimitIT {

    private static final int PAGE = Pages.SIZE;
    private static final int LIMIT = 4 * PAGE;
    private static final int SECONDS = Effort.of("limit.seconds", 2, 10);

    /** Both need the rights of root. */
    private static final String[] LIMITED = {
        "prlimit", "--memlock=" + LIMIT + ":" + LIMIT, "setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock"
    };

    private static Result child(String what, Path directory) throws Exception {
        Needs.launcher(LIMITED);
        return ChildJvm.onTestClassPath(Child.class)
                .options("-Dwhat=" + what, "-Dseconds=" + SECONDS, "-Xmx64m")
                .startedBy(LIMITED)
                .run(directory);
    }

    @Test
    void policyRequireRefusesThePageTooManyAndKeepsTheOthers(@TempDir Path directory) throws Exception {
        Result result = child("REQUIRE", directory);

        assertThat(result.output())
                .contains("limit " + LIMIT)
                .contains("after 4: requested " + PAGE + ", locked " + LIMIT + ", limit " + LIMIT + ", errno 0")
                .contains("all 4 intact");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void policyBestEffortGoesOnAndCounts(@TempDir Path directory) throws Exception {
        Result result = child("BEST_EFFORT", directory);

        assertThat(result.output())
                .contains("all 10 intact")
                .contains("degraded 6, locked " + LIMIT)
                .containsOnlyOnce("may be swapped");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void policyOffLocksNothing(@TempDir Path directory) throws Exception {
        Result result = child("OFF", directory);

        assertThat(result.output()).contains("all 10 intact").contains("degraded 0, locked 0");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void limitThatAnotherSessionUsedUpIsReportedWithWhatAllHaveLocked(@TempDir Path directory) throws Exception {
        Result result = child("TWO_SESSIONS", directory);

        assertThat(result.output())
                .contains("requested " + PAGE + ", locked " + LIMIT + ", limit " + LIMIT + ", errno 0");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void twentyThreadsAtTheLimitNeitherHangNorHarmEachOther(@TempDir Path directory) throws Exception {
        Result result = child("THREADS", directory);

        assertThat(result.output()).contains("20 threads done").contains("refused some: true, served some: true");
        assertThat(result.exitCode()).isZero();
    }

    /** The child. */
    static final class Child {

        private static final long RUN_NANOS =
                Duration.ofSeconds(Long.getLong("seconds")).toNanos();

        private Child() {}

        public static void main(String[] arguments) throws Exception {
            String what = System.getProperty("what").toUpperCase(Locale.ROOT);
            switch (what) {
                case "TWO_SESSIONS" -> twoSessions();
                case "THREADS" -> threads();
                default -> fill(LockPolicy.valueOf(what));
            }
        }

        private static SecureMemory session(LockPolicy policy) {
            return SecureMemory.create(
                    // What is dropped takes up the limit all the same.
                    SecureMemoryOptions.builder()
                            .lockPolicy(policy)
                            .leakDetection(LeakDetection.OFF)
                            .build());
        }

        private static void fill(LockPolicy policy) {
            try (SecureMemory session = session(policy)) {
                System.out.println("limit " + session.status().lockLimitBytes());
                List<Secret> secrets = new ArrayList<>();
                try {
                    while (secrets.size() < 10) {
                        secrets.add(session.secrets().create(new byte[] {(byte) secrets.size()}));
                    }
                } catch (MemoryLimitException e) {
                    System.out.println("after " + secrets.size() + ": " + describe(e));
                }
                for (int i = 0; i < secrets.size(); i++) {
                    if (!secrets.get(i).contentEquals(new byte[] {(byte) i})) {
                        throw new AssertionError("secret " + i + " changed");
                    }
                }
                System.out.println("all " + secrets.size() + " intact");
                SecureMemoryStatus status = session.status();
                System.out.println("degraded " + status.degradedTotal() + ", locked " + status.lockedBytes());
            }
        }

        private static String describe(MemoryLimitException e) {
            return "requested " + e.requestedBytes() + ", locked " + e.lockedBytes() + ", limit " + e.limitBytes()
                    + ", errno " + e.errno();
        }

        private static void twoSessions() {
            try (SecureMemory first = session(LockPolicy.REQUIRE);
                    SecureMemory second = session(LockPolicy.REQUIRE)) {
                for (int i = 0; i < 4; i++) {
                    first.secrets().createRandom(1);
                }
                second.secrets().createRandom(1);
            } catch (MemoryLimitException e) {
                System.out.println(describe(e));
            }
        }

        private static void threads() throws InterruptedException, ExecutionException {
            AtomicLong served = new AtomicLong();
            AtomicLong refused = new AtomicLong();
            ExecutorService pool = Executors.newFixedThreadPool(20);
            try (SecureMemory session = session(LockPolicy.REQUIRE)) {
                Secret neighbour = session.secrets().create(new byte[] {7});
                long end = System.nanoTime() + RUN_NANOS;
                List<Future<?>> running = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    byte mark = (byte) i;
                    running.add(pool.submit(() -> {
                        while (System.nanoTime() < end) {
                            (createReadClose(session, neighbour, mark) ? served : refused).incrementAndGet();
                        }
                    }));
                }
                for (Future<?> each : running) {
                    each.get();
                }
            }
            pool.shutdown();
            System.out.println("20 threads done");
            System.out.println("refused some: " + (refused.get() > 0) + ", served some: " + (served.get() > 0));
        }

        private static boolean createReadClose(SecureMemory session, Secret neighbour, byte mark) {
            if (!neighbour.contentEquals(new byte[] {7})) {
                throw new AssertionError("the neighbour changed");
            }
            try (Secret secret = session.secrets().create(new byte[] {mark, mark})) {
                if (!secret.contentEquals(new byte[] {mark, mark})) {
                    throw new AssertionError("wrong bytes");
                }
                return true;
            } catch (MemoryLimitException e) {
                return false;
            }
        }
    }
}
