package io.securememory.test.spring;

import org.springframework.test.context.DynamicPropertyRegistry;

/**
 * Declares secrets whose content a test computes. Call it in a method that is annotated with
 * {@link org.springframework.test.context.DynamicPropertySource}. For others, {@link TestSecret} is shorter, and lets test
 * classes share a context.
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
     * @throws IllegalArgumentException if the content is empty
     */
    public static void register(DynamicPropertyRegistry registry, String name, String text) {
        register(registry, SecretFile.of(name, text));
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
        register(registry, SecretFile.of(name, content));
    }

    private static void register(DynamicPropertyRegistry registry, SecretFile file) {
        file.properties().forEach((property, value) -> registry.add(property, () -> value));
    }
}
