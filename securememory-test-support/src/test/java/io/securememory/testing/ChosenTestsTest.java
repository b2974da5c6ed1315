package io.securememory.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@OnEverySystem
class ChosenTestsTest {

    @TempDir
    private Path directory;

    private Result run(String leftOut, Class<?>... classes) throws IOException {
        Path list = Files.writeString(directory.resolve("left-out.txt"), leftOut);
        ChildJvm child = ChildJvm.onTestClassPath(ChosenTests.class).arguments(list.toString());
        for (Class<?> each : classes) {
            child.arguments(each.getName());
        }
        return child.options("-Dchosen=true").quickStart().run(directory);
    }

    private static String inherited(String method) {
        return Inherited.class.getName() + "." + method;
    }

    @Test
    void countsWhatPassedWasSkippedAndWasLeftOutByTheNameOfTheDeclaringClass() throws IOException {
        Result result = run("# none of these\n\n" + inherited("fails") + ": it is known\n", Heir.class);

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output())
                .contains("left out: ChosenTestsTest$Heir.fails: it is known")
                .contains("skipped: ChosenTestsTest$Heir.skips, skips(): not here")
                .contains("result: 3 passed, 0 failed, 1 skipped, 1 left out");
    }

    @Test
    void namesTheTestThatFailedWithItsCause() throws IOException {
        Result result = run("", Heir.class);

        assertThat(result.exitCode()).as(result.output()).isOne();
        assertThat(result.output())
                .contains("failed: ChosenTestsTest$Heir.fails, fails()")
                .contains("AssertionError: as always")
                .contains("result: 3 passed, 1 failed, 1 skipped, 0 left out");
    }

    @Test
    void classThatFailsBeforeItsTestsFails() throws IOException {
        Result result = run("", Heir.class, Broken.class);

        assertThat(result.exitCode()).as(result.output()).isOne();
        assertThat(result.output()).contains("broken from the start").contains("2 failed");
    }

    @Test
    void runWithoutAnyTestThatPassesFails() throws IOException {
        String all = Heir.class.getName();
        Result result =
                run(all + ".passes: a\n" + all + ".fails: b\n" + all + ".skips: c\n" + all + ".takes: d\n", Heir.class);

        assertThat(result.exitCode()).as(result.output()).isOne();
        assertThat(result.output()).contains("result: 0 passed, 0 failed, 0 skipped, 4 left out");
    }

    @Test
    void nameThatNoTestHasIsRefused() throws IOException {
        Result result = run(inherited("gone") + ": it is known\n", Heir.class);

        assertThat(result.exitCode()).as(result.output()).isOne();
        assertThat(result.output()).contains("there is no test " + inherited("gone"));
    }

    @Test
    void nameWithoutReasonIsRefused() throws IOException {
        Result result = run(inherited("fails") + "\n", Heir.class);

        assertThat(result.exitCode()).as(result.output()).isOne();
        assertThat(result.output()).contains("needs a reason: " + inherited("fails"));
    }

    /** Not a test of the build: it runs in the children of this class only. */
    @OnEverySystem
    @EnabledIfSystemProperty(named = "chosen", matches = "true")
    abstract static class Inherited {

        @Test
        void passes() {
            assertThat(System.getProperty("chosen")).isEqualTo("true");
        }

        @Test
        void fails() {
            throw new AssertionError("as always");
        }

        @Test
        void skips() {
            Assumptions.abort("not here");
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void takes(int number) {
            assertThat(number).isPositive();
        }
    }

    static class Heir extends Inherited {}

    @OnEverySystem
    @EnabledIfSystemProperty(named = "chosen", matches = "true")
    static class Broken {

        @BeforeAll
        static void fail() {
            throw new IllegalStateException("broken from the start");
        }

        @Test
        void passes() {
            assertThat(System.getProperty("chosen")).isEqualTo("true");
        }
    }
}
