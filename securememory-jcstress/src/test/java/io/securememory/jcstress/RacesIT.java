package io.securememory.jcstress;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs all races under jcstress: briefly with one mix of compilers, or at length with all mixes that it knows. */
class RacesIT {

    private static final int ITERATIONS = Effort.of("races.iterations", 1, 5);
    private static final int MILLIS = Effort.of("races.millis", 100, 300);

    @Test
    void noRaceHasAForbiddenOutcome(@TempDir Path directory) {
        ChildJvm races = ChildJvm.of("-cp", ChildJvm.testClassPath(), "org.openjdk.jcstress.Main");
        // Few states at a time: each holds locked pages.
        races.arguments("-m", "quick", "-strideSize", "8", "-strideCount", "4");
        races.arguments("-iters", Integer.toString(ITERATIONS), "-time", Integer.toString(MILLIS));
        // Arguments of our own leave one mode of the virtual machine instead of all that it knows.
        boolean ffm = Runtime.version().feature() >= 22;
        races.arguments("-jvmArgs", (ffm ? "--enable-native-access=ALL-UNNAMED " : "") + "-Xmx256m");
        races.arguments("-sc", Boolean.toString(Effort.isThorough()));

        Result result = races.within(Duration.ofSeconds(Effort.of("races.seconds", 200, 1_500)))
                .run(directory);

        String text = result.output();
        assertThat(text).contains("RUN RESULTS:");
        assertThat(result.exitCode()).as(text).isZero();
        String last = Pattern.compile("\\(Results: \\d+ planned; (.*?)\\)")
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .reduce((earlier, later) -> later)
                .orElseThrow();
        assertThat(last).contains(" 0 failed, 0 soft errs, 0 hard errs").doesNotStartWith("0 passed");
    }
}
