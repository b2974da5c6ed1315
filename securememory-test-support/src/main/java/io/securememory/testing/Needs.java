package io.securememory.testing;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/** What a machine may lack, and without which a test is left out with the reason. */
public final class Needs {

    private Needs() {}

    /** Goes on if a command works here, which must end with 0. */
    public static void command(String remedy, String... command) {
        String problem = problem(command);
        Assumptions.assumeTrue(
                problem == null, () -> String.join(" ", command) + " does not work here: " + problem + "; " + remedy);
    }

    /** A program that starts others with its rights or limits changed, for which it may need rights itself. */
    public static void launcher(String... words) {
        List<String> command = new ArrayList<>(List.of(words));
        command.add("true");
        command("it takes util-linux and its rights", command.toArray(String[]::new));
    }

    /** A Java that knows these options, for example a collector that not every one has. */
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

    /** The compiler of this Java. */
    public static JavaCompiler compiler() {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Assumptions.assumeTrue(compiler != null, "this needs a JDK, and there is no compiler in this Java");
        return compiler;
    }

    /** A command of this Java, for example {@code keytool}. */
    public static Path tool(String name) {
        Path tool = Path.of(System.getProperty("java.home"), "bin", name);
        Assumptions.assumeTrue(tool.toFile().canExecute(), () -> "this needs a JDK, and there is no " + tool);
        return tool;
    }
}
