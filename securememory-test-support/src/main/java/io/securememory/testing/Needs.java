package io.securememory.testing;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** What a test needs of the machine. Where that is missing, the test is left out, and its report says why. */
public final class Needs {

    private Needs() {}

    /** A program that starts others with its rights or limits changed, for which it may need rights itself. */
    public static void launcher(String... words) {
        List<String> command = new ArrayList<>(List.of(words));
        command.add("true");
        assumeRuns(command);
    }

    /** A Java that knows these options, for example a collector that not every one has. */
    public static void javaOptions(String... options) {
        List<String> command = new ArrayList<>(List.of(ChildJvm.executable()));
        command.addAll(List.of(options));
        command.add("-version");
        assumeRuns(command);
    }

    private static void assumeRuns(List<String> command) {
        Result result;
        try {
            result = Program.run(command.toArray(String[]::new));
        } catch (UncheckedIOException e) {
            result = new Result(-1, e.toString());
        }
        Assumptions.assumeTrue(
                result.exitCode() == 0,
                "needs " + command + ", which ends with " + result.exitCode() + " here: " + result.output());
    }
}
