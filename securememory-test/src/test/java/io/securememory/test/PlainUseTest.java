package io.securememory.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.Result;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Applications and tests without Spring. */
class PlainUseTest {

    private static final String LEAK = "static io.securememory.test.PlainProgram.LEAK";

    private static Result run(String missing, String... arguments) {
        Pattern jars = Pattern.compile("(" + missing + ").*");
        String classPath =
                ChildJvm.testClassPathWithout(name -> jars.matcher(name).matches());
        return ChildJvm.onClassPath(classPath, PlainProgram.class)
                .withNativeAccess()
                .quickStart()
                .arguments(arguments)
                .run();
    }

    @Test
    void theSearchNeedsNoOtherLibrary() {
        Result result = run("spring-|junit-|assertj-|byte-buddy|opentest4j");
        assertThat(result.output())
                .contains("without frameworks", "clean: [] the-name: no copies", "leaking: [] the-name: 1 ", LEAK);
        assertThat(result.exitCode()).isZero();
    }

    @Test
    void theAssertionNeedsOnlyAssertJ() {
        Result result = run("spring-|junit-", "assert");
        assertThat(result.output()).contains("without frameworks", "clean: passes", "leaking: [the-name]", LEAK);
        assertThat(result.exitCode()).isZero();
    }
}
