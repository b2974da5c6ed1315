package io.securememory.spring.boot.properties;

import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * A directory whose files are secrets, each of the name of its file, as Kubernetes and Docker mount them. Hidden files and
 * directories are passed over: Kubernetes keeps earlier versions in some.
 */
final class SecretsDirectory {

    /** The property that names it. */
    static final String PROPERTY = SecureMemorySettings.PREFIX + ".directory.location";

    /** The property for the time between two checks of each file. */
    static final String INTERVAL = SecureMemorySettings.PREFIX + ".directory.reload-interval";

    private static final String PREFIX = "file:";

    private SecretsDirectory() {}

    /**
     * Adds the files to what is declared. What is declared with a source of its own stays as it is. What is declared without
     * one comes from the file of its name.
     *
     * @param value of the property, or null
     * @param interval time between two checks of each file whose secret has none of its own, or null
     * @throws DeclaredSecretException if there is no such directory
     */
    static Map<String, DeclaredSecret> merged(
            Map<String, DeclaredSecret> declared, @Nullable String value, @Nullable Duration interval) {
        if (!StringUtils.hasText(value)) {
            return declared;
        }
        Map<String, DeclaredSecret> all = new LinkedHashMap<>(declared);
        for (Path file : files(directory(value))) {
            String name = String.valueOf(file.getFileName());
            Optional<String> same = declared.keySet().stream()
                    .filter(other -> SecretNames.uniform(other).equals(SecretNames.uniform(name)))
                    .findFirst();
            DeclaredSecret secret = same.map(declared::get).orElse(DeclaredSecret.PLAIN);
            if (!secret.hasSource()) {
                all.put(same.orElse(name), secret.in(PREFIX + file, interval));
            }
        }
        return all;
    }

    @SuppressWarnings("PreserveStackTrace") // The message of the cause shows the value.
    private static Path directory(String value) {
        Path directory;
        try {
            directory = value.startsWith(PREFIX)
                    ? Path.of(value.substring(PREFIX.length())).toAbsolutePath()
                    : null;
        } catch (InvalidPathException e) {
            directory = null;
        }
        if (directory == null) {
            throw failure(" is not a path after file:. It is not shown here, because it may be a secret.");
        }
        if (!Files.isDirectory(directory)) {
            throw failure(" is " + directory + ", and there is no such directory.");
        }
        return directory;
    }

    private static List<Path> files(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> !String.valueOf(entry.getFileName()).startsWith("."))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw failure(" is " + directory + ", which cannot be read ("
                    + e.getClass().getSimpleName() + ").");
        }
    }

    private static DeclaredSecretException failure(String problem) {
        return new DeclaredSecretException(
                Reason.DECLARATION,
                "The property " + PROPERTY + problem,
                "Set it to a directory that this user may read and enter, for example file:/run/secrets, or take it out.",
                null);
    }
}
