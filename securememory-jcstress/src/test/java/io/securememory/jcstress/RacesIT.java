package io.securememory.jcstress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs all races under jcstress: briefly with one mix of compilers, or at length with all mixes that it knows. */
@OnceInShortForm
class RacesIT {

    private static final int ITERATIONS = Effort.of("races.iterations", 1, 2);
    private static final int MILLIS = Effort.of("races.millis", 100, 200);

    /** A machine that had no time for a virtual machine of jcstress says nothing about the races: they run once more. */
    private static final String OUT_OF_TIME = "[1-9]\\d* soft errs";

    @Test
    void noRaceHasAForbiddenOutcome(@TempDir Path directory) {
        assumeTrue(Runtime.getRuntime().availableProcessors() >= 2, "a race takes two processors");
        String results = races(directory);
        if (Pattern.compile(OUT_OF_TIME).matcher(results).find()) {
            System.out.println("once more, after " + results);
            results = races(directory);
        }
        assertThat(results).contains(" 0 failed, 0 soft errs, 0 hard errs").doesNotStartWith("0 passed");
    }

    private static String races(Path directory) {
        ChildJvm races = ChildJvm.of("-cp", ChildJvm.testClassPath(), "org.openjdk.jcstress.Main");
        races.options("-Djava.io.tmpdir=" + directory);
        // Few states at a time: each holds locked pages.
        races.arguments("-m", "quick", "-strideSize", "8", "-strideCount", "4");
        races.arguments("-iters", Integer.toString(ITERATIONS), "-time", Integer.toString(MILLIS));
        // Arguments of our own leave one mode of the virtual machine instead of all that it knows.
        boolean ffm = Runtime.version().feature() >= 22;
        String options = "-Xmx256m -Djava.io.tmpdir=" + directory;
        races.arguments("-jvmArgs", (ffm ? "--enable-native-access=ALL-UNNAMED " : "") + options);
        races.arguments("-sc", Boolean.toString(Effort.isThorough()));

        Result result = races.within(Duration.ofSeconds(Effort.of("races.seconds", 110, 1_400)))
                .run(directory);

        String text = result.output();
        assertThat(text).contains("RUN RESULTS:");
        String last = Pattern.compile("\\(Results: \\d+ planned; (.*?)\\)")
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .reduce((earlier, later) -> later)
                .orElseThrow();
        assertThat(result.exitCode() == 0
                        || Pattern.compile(OUT_OF_TIME).matcher(last).find())
                .as(text)
                .isTrue();
        return last;
    }
}
