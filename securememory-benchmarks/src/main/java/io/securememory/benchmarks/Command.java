package io.securememory.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a program to its end. */
final class Command {

    private static final int UNAVAILABLE = Program.UNAVAILABLE;

    private Command() {}

    /**
     * Returns what a program printed.
     *
     * @throws Unavailable if there is no such program, or it ended with 3: what it printed is the reason
     */
    static String output(List<String> command) throws IOException, InterruptedException, Unavailable {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            throw new Unavailable("cannot run " + command.get(0) + ", is it installed? " + e.getMessage());
        }
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        int status = process.waitFor();
        if (status == UNAVAILABLE) {
            throw new Unavailable(lastLine(output));
        }
        if (status != 0) {
            throw new IOException(command.get(0) + " ended with " + status + ": " + output);
        }
        return output;
    }

    /** Nanoseconds from the start of a program to the first byte that it prints. */
    static double nanosecondsToFirstByte(List<String> command) throws IOException, InterruptedException {
        long from = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int first = process.getInputStream().read();
        long taken = System.nanoTime() - from;
        process.getInputStream().readAllBytes();
        if (process.waitFor() != 0 || first < 0) {
            throw new IOException(String.join(" ", command) + " ended with " + process.exitValue());
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
