package io.securememory.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A program that a test communicates with while it runs. Each wait ends. The failure of a wait shows the program's
 * output, its threads, and the threads of all processes that it has started. Closing this object kills the program
 * with those processes.
 */
public final class RunningChild implements AutoCloseable {

    /** Maximum number of characters of the output that a failure shows. */
    private static final int SHOWN = 100_000;

    private final Process process;
    private final GrowingFile output;

    /** Lines of output that no wait has passed yet. */
    private final List<String> unseen = new ArrayList<>();

    private RunningChild(Process process, Path output) {
        this.process = process;
        this.output = new GrowingFile(output);
    }

    /** Starts a program in a directory. Its standard output and error output go to {@code output.log} there. */
    public static RunningChild start(List<String> command, Path directory) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        return start(builder, directory.resolve("output.log"));
    }

    /**
     * Starts a program whose directory, environment and error output are given. Its standard output goes to a file.
     */
    public static RunningChild start(ProcessBuilder builder, Path output) {
        Program.prepare(builder.environment());
        try {
            return new RunningChild(builder.redirectOutput(output.toFile()).start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for the next line that contains a text, and passes it: the next wait starts after that line. */
    public String awaitLine(String text) {
        return awaitLine(text, Await.LIMIT);
    }

    /** Waits for such a line, with the given time limit. */
    public String awaitLine(String text, Duration limit) {
        return showing(() -> Await.value("a line with '" + text + "'", limit, () -> {
            boolean goesOn = hear();
            Optional<String> line = pass(text);
            if (line.isEmpty() && !goesOn) {
                throw new AssertionError(
                        "it ended with " + process.exitValue() + " and without a line with '" + text + "'");
            }
            return line;
        }));
    }

    /** Reads new output. Returns whether there may be more output later. */
    private boolean hear() {
        boolean goesOn = process.isAlive();
        unseen.addAll(output.newLines());
        if (!goesOn) {
            unseen.addAll(output.rest());
        }
        return goesOn;
    }

    private Optional<String> pass(String text) {
        for (int i = 0; i < unseen.size(); i++) {
            if (unseen.get(i).contains(text)) {
                String line = unseen.get(i);
                unseen.subList(0, i + 1).clear();
                return Optional.of(line);
            }
        }
        return Optional.empty();
    }

    /** Waits until each of these texts was in a line, in any order, and passes only these lines. */
    public void awaitEach(String... texts) {
        List<String> missing = new ArrayList<>(Arrays.asList(texts));
        showing(() -> Await.value("lines with " + missing, () -> {
            boolean goesOn = hear();
            missing.removeIf(this::take);
            if (!missing.isEmpty() && !goesOn) {
                throw new AssertionError("it ended with " + process.exitValue() + " and without " + missing);
            }
            return missing.isEmpty() ? Optional.of(true) : Optional.empty();
        }));
    }

    private boolean take(String text) {
        for (Iterator<String> lines = unseen.iterator(); lines.hasNext(); ) {
            if (lines.next().contains(text)) {
                lines.remove();
                return true;
            }
        }
        return false;
    }

    /** Writes a line to the program's input. */
    public void say(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException e) {
            throw new AssertionError("it does not listen, and said:\n" + said(), e);
        }
    }

    /** Sends a signal, for example {@code TERM}. */
    public void signal(String name) {
        Result result = Program.run("sh", "-c", "kill -" + name + " " + process.pid());
        if (result.exitCode() != 0) {
            throw new AssertionError("kill -" + name + " failed: " + result.output() + said());
        }
    }

    /** Waits for the program's end, and returns its exit code. */
    public int awaitExit() {
        return awaitExit(Await.LIMIT);
    }

    /** Waits for the program's end, with the given time limit. */
    public int awaitExit(Duration limit) {
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted before it ended, and it said:\n" + said() + threads(), e);
        }
        throw new AssertionError("it did not end within " + limit.toMillis() + " ms, and said:\n" + said() + threads());
    }

    private <T> T showing(Supplier<T> wait) {
        try {
            return wait.get();
        } catch (AssertionError e) {
            throw new AssertionError("it said:\n" + said() + "\n" + e.getMessage(), e);
        }
    }

    private String said() {
        String all = output();
        return all.length() <= SHOWN ? all : "..." + all.substring(all.length() - SHOWN);
    }

    private String threads() {
        return ThreadDumps.of(process.toHandle()) + ThreadDumps.ofDescendants(process.toHandle());
    }

    /** Returns all output so far. */
    public String output() {
        return output.text();
    }

    /** Returns its process ID. */
    public long pid() {
        return process.pid();
    }

    /** Tells whether the program is still running. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Kills the program with all processes that it has started, and waits for its end. */
    @Override
    public void close() {
        Program.kill(process.toHandle());
        awaitExit();
    }
}
