package io.securememory;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program in a virtual machine of its own, of the same Java, for tests that must not end this one. */
public final class ChildJvm {

    private static final int TIMEOUT_SECONDS = 120;

    /** How a child ended. */
    public record Result(int exitCode, String output) {}

    private final List<String> command = new ArrayList<>();
    private int timeoutSeconds = TIMEOUT_SECONDS;

    private ChildJvm() {}

    /** A child on the test's own class path. */
    public static ChildJvm onTestClassPath(Class<?> main) {
        return new ChildJvm().arguments("-cp", System.getProperty("java.class.path"), main.getName());
    }

    /** A child with all arguments as given. */
    public static ChildJvm of(String... arguments) {
        return new ChildJvm().arguments(arguments);
    }

    private ChildJvm arguments(String... arguments) {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        command.add(java.toString());
        command.addAll(List.of(arguments));
        return this;
    }

    /** Options of the virtual machine. */
    public ChildJvm options(String... options) {
        command.addAll(1, List.of(options));
        return this;
    }

    /** A program that starts the virtual machine, for example {@code prlimit}. */
    public ChildJvm startedBy(String... launcher) {
        command.addAll(0, List.of(launcher));
        return this;
    }

    /** How long the child may take, if that is not the usual time. */
    public ChildJvm within(int seconds) {
        timeoutSeconds = seconds;
        return this;
    }

    /** Runs to the end, in a directory where it may leave files; both streams end up in the output. */
    public Result run(Path directory) throws IOException, InterruptedException {
        File output = File.createTempFile("child", ".log", directory.toFile());
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        boolean ended = process.waitFor(timeoutSeconds, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly();
        }
        String text = java.nio.file.Files.readString(output.toPath(), StandardCharsets.ISO_8859_1);
        if (!ended) {
            throw new AssertionError(
                    "the child did not end within " + timeoutSeconds + " s: " + command + ", and said:\n" + text);
        }
        return new Result(process.exitValue(), text);
    }

    /** As {@link #run}, for tasks that throw nothing checked. */
    public Result runUnchecked(Path directory) {
        try {
            return run(directory);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
