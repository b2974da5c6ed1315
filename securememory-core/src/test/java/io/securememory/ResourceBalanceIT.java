package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.memcall.NativeAccess;
import io.securememory.memcall.Pages;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What many creates and closes, and many failed creates, leave behind in the process: nothing. */
class ResourceBalanceIT {

    private static final int COUNT = Effort.of("balance.count", 500, 10_000);

    /** Resources of the process that a leak would show in. */
    record Balance(long lockedKilobytes, long inaccessibleMappings, long descriptors, List<String> threads) {

        /** Come when somebody looks at this process. */
        private static final Set<String> OF_JAVA = Set.of("Attach Listener", "Signal Dispatcher");

        static Balance now() throws IOException {
            long locked = Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmLck:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
            long lockedMappings = Files.readAllLines(Path.of("/proc/self/smaps")).stream()
                    .filter(line -> line.startsWith("VmFlags:") && (line.contains(" lo") || line.contains(" wf")))
                    .count();
            List<String> threads = Thread.getAllStackTraces().keySet().stream()
                    .map(Thread::getName)
                    .filter(name -> !OF_JAVA.contains(name))
                    .sorted()
                    .toList();
            try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
                return new Balance(locked, lockedMappings, open.count(), threads);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Backing.class)
    void jnaBringsEverythingBackToTheStart(Backing backing, @TempDir Path directory) throws Exception {
        check(NativeAccess.JNA, backing, directory);
    }

    @ParameterizedTest
    @EnumSource(Backing.class)
    @EnabledForJreRange(min = JRE.JAVA_22)
    void ffmBringsEverythingBackToTheStart(Backing backing, @TempDir Path directory) throws Exception {
        check(NativeAccess.FFM, backing, directory);
    }

    private static void check(NativeAccess access, Backing backing, Path directory) throws Exception {
        Result result = ChildJvm.onTestClassPath(Child.class)
                .options("-Daccess=" + access, "-Dbacking=" + backing, "-Dcount=" + COUNT, "-Xmx64m")
                .run(directory);

        assertThat(result.output()).contains("balanced");
        assertThat(result.exitCode()).isZero();
    }

    /** The child, in which nothing else comes and goes. */
    static final class Child {

        private static final int PAGE = Pages.SIZE;

        private Child() {}

        public static void main(String[] arguments) throws IOException {
            SecureMemoryOptions options = SecureMemoryOptions.builder()
                    .nativeAccess(NativeAccess.valueOf(System.getProperty("access")))
                    .backing(Backing.valueOf(System.getProperty("backing")))
                    .poolMaxIdle(4)
                    .lockLimitBytes(100L * PAGE)
                    .build();
            createAndClose(options, 10, 1);
            Balance before = Balance.now();
            createAndClose(options, Integer.getInteger("count"), Integer.getInteger("count") / 10);
            awaitBalance(before);
            System.out.println("balanced: " + before);
        }

        /** A thread that has just been told to end may take a moment. */
        private static void awaitBalance(Balance expected) throws IOException {
            long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (!Balance.now().equals(expected) && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertThat(Balance.now()).isEqualTo(expected);
        }

        private static void createAndClose(SecureMemoryOptions options, int count, int failures) {
            try (SecureMemory session = SecureMemory.create(options)) {
                for (int i = 0; i < count; i++) {
                    session.secrets().createRandom(1 + i % (2 * PAGE)).close();
                }
                for (int i = 0; i < failures; i++) {
                    assertThatExceptionOfType(MemoryLimitException.class)
                            .isThrownBy(() -> session.secrets().createRandom(100 * PAGE));
                }
                assertThat(session.status().createdTotal()).isEqualTo(count);
            }
        }
    }
}
