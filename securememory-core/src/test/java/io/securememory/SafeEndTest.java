package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.testing.Await;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Needs;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Result;
import io.securememory.testing.Workers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ends of the process that wipe before. */
@OnceInShortForm
class SafeEndTest {

    /** The beginning of a line of /proc/self/limits. */
    private static final String CORE_LIMIT = "Max core file size";

    @Test
    void panicPurgesEverySessionAndThrows() {
        try (SecureMemory session = SecureMemory.create()) {
            Secret secret = session.secrets().createRandom(1);

            assertThatIllegalStateException()
                    .isThrownBy(() -> {
                        throw SecureMemory.safePanic("must not occur");
                    })
                    .withMessage("must not occur");
            assertThat(secret.isClosed()).isTrue();
        }
    }

    @Test
    void exitPurgesAndEndsWithTheStatus(@TempDir Path directory) throws Exception {
        Result result = child("exit").run(directory);

        assertThat(result.output()).contains("closed at the end: true").doesNotContain("survived");
        assertThat(result.exitCode()).isEqualTo(7);
    }

    @Test
    void shutdownClosesTheSessionsThatAskForIt(@TempDir Path directory) throws Exception {
        assertThat(child("hook").run(directory).output()).contains("1 secret wiped (3 bytes)");
        assertThat(child("no-hook").run(directory).output())
                .contains("survived")
                .doesNotContain("wiped");
    }

    @Test
    void shutdownClosesTheLastSessionAlsoIfManyOthersWereOpenedAndClosedAtOnce(@TempDir Path directory) {
        Result result = child("many").run(directory);

        assertThat(result.output()).contains("survived").contains("1 secret wiped (3 bytes)");
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void aSessionThatIsOpenedOrClosedDuringTheShutdownDoesNotFail(@TempDir Path directory) {
        assertThat(child("late").run(directory).output())
                .contains("late: SecureMemory[closed")
                .doesNotContain("Exception");
    }

    /** A limit of 0 would not do: Linux applies it to files only, and 1 also to crash handlers (core(5), core_pattern). */
    @Test
    void disabledCoreDumpsAreALimitThatIsValidForFilesAndForCrashHandlers(@TempDir Path directory) {
        assertThat(coreLimits("unlimited:unlimited", directory)).isEqualTo("1 unlimited");
        assertThat(coreLimits("0:unlimited", directory)).isEqualTo("1 unlimited");
    }

    @Test
    void aHardLimitOfCoreDumpsStays(@TempDir Path directory) {
        assertThat(coreLimits("0:0", directory)).isEqualTo("0 0");
        assertThat(coreLimits("4096:4096", directory)).isEqualTo("1 4096");
    }

    /** Soft and hard limit in a child that was started with the given ones and disabled core dumps. */
    private static String coreLimits(String before, Path directory) {
        String[] limited = {"prlimit", "--core=" + before};
        Needs.launcher(limited);

        Result result = child("no-dumps").startedBy(limited).run(directory);

        assertThat(result.output()).contains("survived");
        return result.output()
                .lines()
                .filter(line -> line.startsWith(CORE_LIMIT))
                .map(line -> line.substring(CORE_LIMIT.length()).trim().replaceAll(" +(\\w+) +bytes$", " $1"))
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @EnumSource
    void exitInsideOfAnAccessWaitsForNobody(ExitInside.Access access, @TempDir Path directory) {
        for (ExitInside.Way way : ExitInside.Way.values()) {
            Result result = ChildJvm.onTestClassPath(ExitInside.class)
                    .arguments(access.name(), way.name())
                    .options("-Dlogback.configurationFile=logback-info.xml", "-Xmx32m")
                    .quickStart()
                    .withNativeAccess()
                    .run(directory); // Within less than the close timeout of the child.

            assertThat(result.exitCode()).as("%s by %s", access, way).isEqualTo(7);
            assertThat(result.output())
                    .contains("Secure memory closed: ", " 0 failed")
                    .doesNotContain("survived");
        }
    }

    @ParameterizedTest
    @EnumSource
    void readerOfAnotherSecretHasItsTimeWhenAThreadExitsInsideOfAnAccess(
            ExitInside.Access access, @TempDir Path directory) {
        Result result = ChildJvm.onTestClassPath(ExitInside.class)
                .arguments(access.name(), ExitInside.Way.EXIT.name(), "with another reader")
                .options("-Dlogback.configurationFile=logback-info.xml", "-Xmx32m")
                .quickStart()
                .withNativeAccess()
                .run(directory);

        assertThat(result.exitCode()).isEqualTo(7);
        assertThat(result.output()).contains("the other reader has read the whole secret: true");
    }

    private static ChildJvm child(String what) {
        return ChildJvm.onTestClassPath(Child.class)
                .options("-Dwhat=" + what, "-Dlogback.configurationFile=logback-info.xml", "-Xmx32m")
                .quickStart();
    }

    /** The child. */
    static final class Child {

        private Child() {}

        /** Or a collection at the end finds it leaked. */
        @SuppressWarnings("unused")
        private static Secret kept;

        public static void main(String[] arguments) throws Exception {
            String what = System.getProperty("what");
            SecureMemory session = SecureMemory.create(SecureMemoryOptions.builder()
                    .shutdownHook(Set.of("hook", "many", "late").contains(what))
                    .coreDumps(
                            what.equals("no-dumps")
                                    ? SecureMemoryOptions.CoreDumps.DISABLE_PROCESS
                                    : SecureMemoryOptions.CoreDumps.EXCLUDE_REGIONS)
                    .build());
            Secret secret = session.secrets().createRandom(3);
            kept = secret;
            if (what.equals("exit")) {
                Runtime.getRuntime()
                        .addShutdownHook(
                                new Thread(() -> System.out.println("closed at the end: " + secret.isClosed())));
                SecureMemory.safeExit(7);
            }
            if (what.equals("late")) {
                Runtime.getRuntime().addShutdownHook(new Thread(Child::openAndCloseLate));
            }
            if (what.equals("many")) {
                openAndCloseManyAtOnce();
            }
            java.nio.file.Files.readAllLines(Path.of("/proc/self/limits")).forEach(System.out::println);
            System.out.println("survived " + secret);
        }

        private static void openAndCloseLate() {
            SecureMemory late = SecureMemory.create();
            late.close();
            System.out.println("late: " + late);
        }

        private static void openAndCloseManyAtOnce() throws Exception {
            List<Future<?>> all = new ArrayList<>();
            try (Workers workers = new Workers()) {
                for (int i = 0; i < 4; i++) {
                    all.add(workers.run(() -> {
                        for (int j = 0; j < 50; j++) {
                            SecureMemory.create().close();
                        }
                    }));
                }
                for (Future<?> one : all) {
                    Await.result(one);
                }
            }
        }
    }
}
