package io.securememory.spring.boot.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * Declares secrets for tests, in a method that is annotated with
 * {@link org.springframework.test.context.DynamicPropertySource}.
 *
 * <p><b>Guarantees.</b> The application loads the secret as it loads any other: from a file. The file is new, of the owner
 * alone (mode 600), and holds exactly the bytes that are given: nothing is trimmed. It is deleted when the virtual machine
 * ends, because the test framework may build the same context again.
 *
 * <p><b>Limits.</b> A virtual machine that is killed leaves the file. The value is on the heap of the test. So use made-up
 * secrets only.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public final class TestSecrets {

    private TestSecrets() {}

    /**
     * Declares a secret.
     *
     * @param registry where the properties of the test go
     * @param name the secret's name below {@code securememory.secrets}
     * @param text what it holds, in UTF-8
     */
    public static void register(DynamicPropertyRegistry registry, String name, String text) {
        register(registry, name, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Declares a secret.
     *
     * @param registry where the properties of the test go
     * @param name the secret's name below {@code securememory.secrets}
     * @param content what it holds, at least one byte; left as it is
     * @throws IllegalArgumentException if there is no byte
     */
    public static void register(DynamicPropertyRegistry registry, String name, byte[] content) {
        if (content.length == 0) {
            throw new IllegalArgumentException("the secret '" + name + "' is empty, expected one byte or more");
        }
        Path file = write(content);
        String property = "securememory.secrets[" + name + "]";
        registry.add(property + ".location", () -> "file:" + file);
        registry.add(property + ".trim", () -> false);
    }

    private static Path write(byte[] content) {
        try {
            Path file = Files.createTempFile(
                    "test-secret",
                    "",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            file.toFile().deleteOnExit();
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
