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
     * @throws Unavailable if there is no C compiler
     */
    static Floor compile() throws IOException, InterruptedException, Unavailable {
        Path directory = Files.createTempDirectory("floor");
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
            return new Floor(directory, true);
        } catch (IOException e) {
            Command.output(plain);
            return new Floor(directory, false);
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
        Files.deleteIfExists(program);
        Files.deleteIfExists(directory.resolve("floor.c"));
        Files.deleteIfExists(directory);
    }
}
