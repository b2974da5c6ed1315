package io.securememory.testing;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A program of the operating system, run to its end. One that does not end in time, or whose test is interrupted, is killed
 * with all that it started; in the first case the failure shows what it printed, its threads and theirs.
 */
public final class Program {

    private static final long LOOK_MILLIS = 500;

    /** Names of variables that Spring Boot takes for properties. */
    private static final Pattern PROPERTY =
            Pattern.compile("(SPRING|SECUREMEMORY|MANAGEMENT|LOGGING|SERVER)_.*|DEBUG|TRACE");

    private final List<String> command;
    private final Map<String, String> environment = new TreeMap<>();
    private Duration limit = Await.LIMIT;

    private Program(List<String> command) {
        this.command = List.copyOf(command);
    }

    /** The program with its arguments. */
    public static Program of(List<String> command) {
        return new Program(command);
    }

    /** Runs a command in the present directory. */
    public static Result run(String... command) {
        return new Program(List.of(command)).run(Path.of("").toAbsolutePath());
    }

    /** How long it may take, if that is not {@link Await#LIMIT}. */
    public Program within(Duration value) {
        limit = value;
        return this;
    }

    /** A variable of its environment; those that add options to every virtual machine are never handed on. */
    public Program environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Runs it to its end, in a directory where it may leave files. */
    public Result run(Path directory) {
        try {
            Path output = Files.createTempFile("output", ".log");
            try {
                return run(directory.toFile(), output);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Result run(File directory, Path output) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        prepare(builder.environment());
        builder.environment().putAll(environment);
        Process process = builder.start();
        Set<ProcessHandle> started = new LinkedHashSet<>();
        try {
            if (!ends(process, started)) {
                String threads = ThreadDumps.of(process.toHandle()) + ThreadDumps.ofDescendants(process.toHandle());
                kill(process.toHandle());
                throw new AssertionError(command + " did not end within " + limit.toMillis() + " ms, and said:\n"
                        + GrowingFile.textOf(output) + threads);
            }
            return new Result(process.exitValue(), GrowingFile.textOf(output));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while " + command + " ran", e);
        } finally {
            kill(process.toHandle());
            started.forEach(ProcessHandle::destroyForcibly);
        }
    }

    /** Notes what the process starts on the way: after its end nobody can tell whose they were. */
    private boolean ends(Process process, Set<ProcessHandle> started) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() - end < 0) {
            if (process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                return true;
            }
            process.descendants().forEach(started::add);
        }
        return false;
    }

    /** Takes out what would change every virtual machine, and every application, that is started. */
    public static void prepare(Map<String, String> environment) {
        environment.keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        environment.keySet().removeIf(name -> PROPERTY.matcher(name).matches());
    }

    /** Kills a process and all that it has started. */
    public static void kill(ProcessHandle process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process);
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
