package io.securememory.spring.boot.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * Declares secrets for tests. Call it in a method that is annotated with
 * {@link org.springframework.test.context.DynamicPropertySource}.
 *
 * <p><b>Guarantees.</b> The application loads the secret from a file, like any other secret. The file is new, only its
 * owner can read it (mode 600), and it holds exactly the given bytes: nothing is trimmed. It is deleted when the JVM
 * ends and not earlier, because the test framework may build the same context again.
 *
 * <p><b>Limits.</b> If the JVM is killed, the file remains. The value is on the heap of the test. So use made-up
 * secrets only.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public final class TestSecrets {

    private TestSecrets() {}

    /**
     * Declares a secret.
     *
     * @param registry the registry of the test's properties
     * @param name the secret's name below {@code securememory.secrets}
     * @param text its content, which is written in UTF-8
     */
    public static void register(DynamicPropertyRegistry registry, String name, String text) {
        register(registry, name, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Declares a secret.
     *
     * @param registry the registry of the test's properties
     * @param name the secret's name below {@code securememory.secrets}
     * @param content its content, at least one byte; the array is not changed
     * @throws IllegalArgumentException if the content is empty
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
            Path file = Files.createTempFile("test-secret", ""); // For its owner only, where files have modes.
            file.toFile().deleteOnExit();
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
