package io.securememory.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The C program that tells what the system calls of one access cost. */
final class Floor {

    private final Path program;

    private Floor(Path program) {
        this.program = program;
    }

    /** Compiles the program with the machine's C compiler. */
    static Floor compile() throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("floor");
        Path source = directory.resolve("floor.c");
        Path program = directory.resolve("floor");
        try (InputStream in = Floor.class.getResourceAsStream("/floor.c")) {
            Files.copy(in, source, StandardCopyOption.REPLACE_EXISTING);
        }
        run("cc", "-O2", "-pthread", "-o", program.toString(), source.toString());
        return new Floor(program);
    }

    /** Nanoseconds of one pair of calls of mprotect, with so many threads on pages of their own. */
    double mprotectPair(int threads) throws IOException, InterruptedException {
        return Double.parseDouble(run(program.toString(), Integer.toString(threads), "2000"));
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + " failed: " + output);
        }
        return output;
    }
}
