package io.securememory.spring.boot.jwt;

import io.securememory.SecureMemoryException;
import org.jspecify.annotations.Nullable;

/** A secret cannot be the key of an algorithm for JSON Web Tokens. The message never shows anything of the secret. */
public final class JwtKeyException extends SecureMemoryException {

    private static final long serialVersionUID = 1L;

    /** What an operator can do. */
    private final String remedy;

    JwtKeyException(String message, String remedy, @Nullable Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    /**
     * Returns what an operator can do.
     *
     * @return whole sentences
     */
    public String remedy() {
        return remedy;
    }
}
