package io.securememory.testing;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** Requirements that a machine may not meet. If one is not met, the test is skipped with the reason. */
public final class Needs {

    private Needs() {}

    /** Requires that a command works here, which means that it ends with 0. */
    public static void command(String remedy, String... command) {
        String problem = problem(command);
        Assumptions.assumeTrue(
                problem == null, () -> String.join(" ", command) + " does not work here: " + problem + "; " + remedy);
    }

    /**
     * Requires a command that starts programs with other rights or limits. The command itself may need rights for
     * that.
     */
    public static void launcher(String... words) {
        List<String> command = new ArrayList<>(List.of(words));
        command.add("true");
        command("it takes util-linux and its rights", command.toArray(String[]::new));
    }

    /**
     * Requires a Java that has the given options, for example for a garbage collector that some builds do not have.
     */
    public static void javaOptions(String... options) {
        List<String> command = new ArrayList<>(List.of(ChildJvm.executable()));
        command.addAll(List.of(options));
        command.add("-version");
        command("it takes another build of Java", command.toArray(String[]::new));
    }

    private static @Nullable String problem(String... command) {
        try {
            Result result = Program.run(command);
            return result.exitCode() == 0 ? null : "it ended with " + result.exitCode() + ", " + result.output();
        } catch (UncheckedIOException e) {
            return e.getMessage();
        }
    }

    /** Requires and returns the compiler of this Java. */
    public static JavaCompiler compiler() {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Assumptions.assumeTrue(compiler != null, "this needs a JDK, and there is no compiler in this Java");
        return compiler;
    }

    /** Requires and returns a command of this Java, for example {@code keytool}. */
    public static Path tool(String name) {
        Path tool = Path.of(System.getProperty("java.home"), "bin", name);
        Assumptions.assumeTrue(tool.toFile().canExecute(), () -> "this needs a JDK, and there is no " + tool);
        return tool;
    }
}
