package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.Needs;
import io.securememory.testing.Result;
import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The jar of the core as a program, with nothing else on the class path but JNA where this Java needs it. */
class SelfCheckIT {

    private static final String MAIN = "io.securememory.SelfCheck";

    /** Without this the limit would not count for root. */
    private static final String[] NOTHING_MAY_BE_LOCKED = {
        "prlimit", "--memlock=0:0", "setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock"
    };

    private static ChildJvm selfCheck() {
        ChildJvm child = Runtime.version().feature() >= 22
                ? ChildJvm.of("-jar", jar())
                : ChildJvm.of("-cp", jar() + File.pathSeparator + jna(), MAIN);
        return child.quickStart();
    }

    @Test
    void aMachineThatProtectsEverythingIsComplete() {
        Result result = selfCheck().run();

        List<String> lines = result.output().lines().toList();
        assertThat(lines.get(0))
                .startsWith("Secure Memory ")
                .contains(" on Java " + Runtime.version().feature());
        assertThat(String.join(" ", lines))
                .contains("Linux")
                .contains("native access by " + (Runtime.version().feature() >= 22 ? "ffm" : "jna"))
                .contains("Complete: everything that was asked for is in force.");
        assertThat(lines)
                .contains("ACTIVE   memory-lock", "ACTIVE   guard-pages")
                .allSatisfy(line -> assertThat(line).matches("[ -~]{0,80}"))
                .noneMatch(line -> line.startsWith("FAILED"))
                .noneMatch(line -> line.contains("WARNING"));
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void aMachineThatLocksNothingIsIncomplete() {
        Needs.launcher(NOTHING_MAY_BE_LOCKED);

        Result result = selfCheck().startedBy(NOTHING_MAY_BE_LOCKED).run();

        assertThat(result.output())
                .contains("at most 0 bytes of locked memory")
                .contains("FAILED   memory-lock")
                .contains("What to do: ")
                .contains("Incomplete: not in force: memory-lock.");
        assertThat(result.exitCode()).isEqualTo(1);
    }

    @Test
    void aSystemThatIsNotSupportedIsToldInUnderAPage() {
        Result result = selfCheck().options("-Dos.name=SunOS").run();

        assertThat(result.output())
                .startsWith("SunOS on ")
                .contains("Supported: ")
                .contains("securememory.enabled=false", "securememory.platform-fallback=sealed-only")
                .doesNotContain("JNA");
        assertThat(result.output().lines()).hasSizeLessThan(24).allMatch(line -> line.length() <= 80);
        assertThat(result.exitCode()).isEqualTo(2);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_24)
    void nativeAccessThatIsDeniedIsToldWithTheOption() {
        Result result = ChildJvm.of("-cp", jar(), MAIN)
                .quickStart()
                .options("--illegal-native-access=deny")
                .run();

        assertThat(result.output())
                .startsWith("Native access is denied")
                .contains("--enable-native-access=ALL-UNNAMED");
        assertThat(result.output().lines()).hasSizeLessThan(24);
        assertThat(result.exitCode()).isEqualTo(2);
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21)
    void withoutJnaTheCommandIsToldThatWorks() {
        Result alone = ChildJvm.of("-jar", jar()).quickStart().run();

        assertThat(alone.exitCode()).isEqualTo(2);
        assertThat(alone.output()).startsWith("JNA is not there");
        String command = alone.output()
                .lines()
                .filter(line -> line.startsWith("  java "))
                .findFirst()
                .orElseThrow()
                .strip();
        String[] arguments =
                command.substring("java ".length()).replace("jna.jar", jna()).split(" ", -1);
        Result result = ChildJvm.of(arguments).quickStart().run();
        assertThat(result.output()).contains("native access by jna").contains("Complete: ");
        assertThat(result.exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"allow", "deny"})
    @EnabledForJreRange(min = JRE.JAVA_24)
    void whatWindowsLacksOrDeniesIsToldAndNoStackTrace(String access) {
        Result result = ChildJvm.of("-cp", jar(), MAIN)
                .quickStart()
                .options("-Dos.name=Windows 11", "--illegal-native-access=" + access)
                .run();

        assertThat(result.output())
                .contains(access.equals("deny") ? "Native access is denied" : "This Windows has no function ")
                .doesNotContain("Exception");
        assertThat(result.exitCode()).isEqualTo(2);
    }

    @Test
    void noCoreDumpsOfTheProcessCanBeAskedFor() {
        Result result = selfCheck().arguments("--no-core-dumps").run();

        assertThat(result.output())
                .contains(" core-dumps-disabled")
                .doesNotContain("OFF      core-dumps-disabled")
                .doesNotContain("UNKNOWN  core-dumps-disabled");
    }

    @Test
    void helpIsNoFailure() {
        Result result = selfCheck().arguments("--help").run();

        assertThat(result.output()).startsWith("Usage: java -jar").contains("Exit codes:");
        assertThat(result.output().lines()).allMatch(line -> line.length() <= 80);
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void anArgumentThatIsNotKnownIs() {
        Result result = selfCheck().arguments("--help", "\u001b[2Jme").run();

        assertThat(result.output())
                .startsWith("Unknown arguments: --help ?[2Jme")
                .contains("Usage: java -jar")
                .doesNotContain("ACTIVE   memory-lock");
        assertThat(result.exitCode()).isEqualTo(64);
    }

    private static String jar() {
        String jar = System.getProperty("securememory.jar");
        assumeTrue(jar != null, "needs the packaged jar, which the build names in -Dsecurememory.jar");
        return jar;
    }

    private static String jna() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Path.of(entry).getFileName().toString().startsWith("jna-"))
                .collect(Collectors.joining(File.pathSeparator));
    }
}
