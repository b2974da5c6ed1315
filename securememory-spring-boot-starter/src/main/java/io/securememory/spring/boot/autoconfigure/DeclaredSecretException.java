package io.securememory.spring.boot.autoconfigure;

import io.securememory.SecureMemoryException;
import org.jspecify.annotations.Nullable;

/** A secret that is declared under {@code securememory.secrets} cannot be had. */
final class DeclaredSecretException extends SecureMemoryException {

    private static final long serialVersionUID = 1L;

    /** What an operator can do. */
    private final String remedy;

    /**
     * @param description whole sentences that name the secret and its property, never its text
     * @param remedy whole sentences on what to do
     */
    DeclaredSecretException(String description, String remedy, @Nullable Throwable cause) {
        super(description, cause);
        this.remedy = remedy;
    }

    String remedy() {
        return remedy;
    }
}
