package io.securememory.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end, or kills it with all that it has started. */
final class Command {

    private static final int UNAVAILABLE = Program.UNAVAILABLE;

    /** Longer than any of them takes, also on a slow machine. */
    private static final int LIMIT_SECONDS = Integer.getInteger("benchmarks.command-limit", 600);

    private Command() {}

    /**
     * Returns what a program printed.
     *
     * @throws Unavailable if there is no such program, or it ended with 3: what it printed is the reason
     */
    static String output(List<String> command) throws IOException, InterruptedException, Unavailable {
        Path file = Files.createTempFile("output", ".txt");
        try {
            int status = status(started(command, file), command);
            String output = Files.readString(file, StandardCharsets.UTF_8).trim();
            if (status == UNAVAILABLE) {
                throw new Unavailable(lastLine(output));
            }
            if (status != 0) {
                throw new IOException(command.get(0) + " ended with " + status + ": " + output);
            }
            return output;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static Process started(List<String> command, Path output) throws Unavailable {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
        } catch (IOException e) {
            throw new Unavailable("cannot run " + command.get(0) + ", is it installed? " + e.getMessage());
        }
    }

    /** Waits for the end, and returns the exit code. */
    private static int status(Process process, List<String> command) throws IOException, InterruptedException {
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(String.join(" ", command) + " did not end within " + LIMIT_SECONDS + " s");
            }
            return process.exitValue();
        } finally {
            kill(process);
        }
    }

    private static void kill(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Nanoseconds from the start of a program to the first byte that it prints. */
    static double nanosecondsToFirstByte(List<String> command) throws IOException, InterruptedException {
        long from = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        // Nothing else ends a read from a program that says nothing.
        CompletableFuture<?> end = process.onExit()
                .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                .whenComplete((ended, tooLate) -> kill(process));
        int first = process.getInputStream().read();
        long taken = System.nanoTime() - from;
        process.getInputStream().readAllBytes();
        int status = status(process, command);
        if (end.isCompletedExceptionally() || status != 0 || first < 0) {
            throw new IOException(String.join(" ", command) + " ended with " + status);
        }
        return taken;
    }

    static List<Double> numbers(String output) {
        return output.lines().map(Double::parseDouble).toList();
    }

    private static String lastLine(String output) {
        return output.substring(output.lastIndexOf('\n') + 1);
    }
}
