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
 * Runs a program of the operating system to its end. If the program does not end in time, or if its test is
 * interrupted, it is killed with all processes that it started. If it does not end in time, the failure shows its
 * output, its threads, and the threads of those processes.
 */
public final class Program {

    private static final long LOOK_MILLIS = 500;

    /** Names of environment variables that Spring Boot reads as properties. */
    private static final Pattern PROPERTY =
            Pattern.compile("(SPRING|SECUREMEMORY|MANAGEMENT|LOGGING|SERVER)_.*|DEBUG|TRACE");

    private final List<String> command;
    private final Map<String, String> environment = new TreeMap<>();
    private Duration limit = Await.LIMIT;

    private Program(List<String> command) {
        this.command = List.copyOf(command);
    }

    /** Makes a program from a command with its arguments. */
    public static Program of(List<String> command) {
        return new Program(command);
    }

    /** Runs a command in the working directory. */
    public static Result run(String... command) {
        return new Program(List.of(command)).run(Path.of("").toAbsolutePath());
    }

    /** Sets the time that the program may take. The default is {@link Await#LIMIT}. */
    public Program within(Duration value) {
        limit = value;
        return this;
    }

    /** Sets an environment variable. Variables that add options to every JVM are never passed on. */
    public Program environment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Runs the program to its end. The program may leave files in the directory. */
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

    /**
     * Waits for the process, and records the processes that it starts: after its end, they can no longer be attributed
     * to it.
     */
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

    /** Removes variables that would change every JVM and every application that is started. */
    public static void prepare(Map<String, String> environment) {
        environment.keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"));
        environment.keySet().removeIf(name -> PROPERTY.matcher(name).matches());
    }

    /** Kills a process and all processes that it has started. */
    public static void kill(ProcessHandle process) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process);
        all.forEach(ProcessHandle::destroyForcibly);
    }
}
