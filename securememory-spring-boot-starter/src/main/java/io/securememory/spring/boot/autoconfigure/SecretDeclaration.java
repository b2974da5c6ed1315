package io.securememory.spring.boot.autoconfigure;

import io.securememory.Storage;
import io.securememory.spring.boot.autoconfigure.SecureMemoryProperties.DeclaredSecret;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ResourceLoader;

/**
 * A declared secret whose properties are checked.
 *
 * @param storage how it rests, or null for the storage of its session
 */
record SecretDeclaration(
        String name,
        SecretLocation location,
        boolean trim,
        boolean required,
        @Nullable Storage storage) {

    /** Checks the properties of all secrets, in alphabetical order, so that the first failure is always the same one. */
    static List<SecretDeclaration> all(SecureMemoryProperties properties, ResourceLoader resources) {
        return properties.secrets().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> of(entry.getKey(), entry.getValue(), resources))
                .toList();
    }

    private static SecretDeclaration of(String name, DeclaredSecret secret, ResourceLoader resources) {
        try {
            SecretLocation location = SecretLocation.of(secret.location(), resources);
            return new SecretDeclaration(name, location, secret.trim(), secret.required(), secret.storage());
        } catch (IllegalArgumentException e) {
            throw SecretFailures.badLocation(name, String.valueOf(e.getMessage()));
        }
    }

    /** Tells whether the application goes without this secret. */
    boolean isLeftOut() {
        return !required && location.isAbsent();
    }
}
