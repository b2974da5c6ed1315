package io.securememory.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The C program that tells what the system calls of each operation cost, and what libsodium takes. */
final class Floor implements AutoCloseable {

    private static final String NO_SODIUM = "libsodium's headers are missing; on Debian: apt-get install libsodium-dev";

    private final Path directory;
    private final Path program;
    private final boolean sodium;

    private Floor(Path directory, boolean sodium) {
        this.directory = directory;
        this.program = directory.resolve("floor");
        this.sodium = sodium;
    }

    /**
     * Compiles the program with the machine's C compiler, with libsodium if it is there.
     *
     * @throws Unavailable if there is no C compiler, or it finds no headers
     */
    static Floor compile() throws IOException, InterruptedException, Unavailable {
        Path directory = Files.createTempDirectory("floor");
        try {
            return new Floor(directory, compiledWithSodium(directory));
        } catch (IOException | InterruptedException | Unavailable | RuntimeException e) {
            delete(directory);
            throw e;
        }
    }

    private static boolean compiledWithSodium(Path directory) throws IOException, InterruptedException, Unavailable {
        Path source = directory.resolve("floor.c");
        try (InputStream in = Objects.requireNonNull(Floor.class.getResourceAsStream("/floor.c"))) {
            Files.copy(in, source, StandardCopyOption.REPLACE_EXISTING);
        }
        List<String> plain = List.of(
                "cc", "-O2", "-pthread", "-o", directory.resolve("floor").toString(), source.toString());
        List<String> withSodium = new java.util.ArrayList<>(plain);
        withSodium.addAll(List.of("-DHAVE_SODIUM", "-lsodium"));
        try {
            Command.output(withSodium);
            return true;
        } catch (IOException e) {
            return compiledPlain(plain);
        }
    }

    private static boolean compiledPlain(List<String> command) throws InterruptedException, Unavailable {
        try {
            Command.output(command);
            return false;
        } catch (IOException e) {
            throw new Unavailable(
                    "the C compiler cannot compile here; on Debian: apt-get install libc6-dev. " + e.getMessage());
        }
    }

    Optional<String> sodiumVersion() throws IOException, InterruptedException, Unavailable {
        return sodium ? Optional.of(Command.output(List.of(program.toString(), "sodium-version"))) : Optional.empty();
    }

    /** Measures a case of {@link Subject#C} or {@link Subject#LIBSODIUM}. */
    Measurement measure(Key key, int samples, int milliseconds) throws IOException, InterruptedException, Unavailable {
        boolean ofSodium = key.who() == Subject.LIBSODIUM;
        if (ofSodium && !sodium) {
            throw new Unavailable(NO_SODIUM);
        }
        String output = Command.output(List.of(
                program.toString(),
                (ofSodium ? "sodium-" : "") + key.what().id(),
                Integer.toString(key.number()),
                Integer.toString(samples),
                Integer.toString(milliseconds)));
        return new Measurement(key, Command.numbers(output));
    }

    @Override
    public void close() throws IOException {
        delete(directory);
    }

    private static void delete(Path directory) throws IOException {
        Files.deleteIfExists(directory.resolve("floor"));
        Files.deleteIfExists(directory.resolve("floor.c"));
        Files.deleteIfExists(directory);
    }
}
