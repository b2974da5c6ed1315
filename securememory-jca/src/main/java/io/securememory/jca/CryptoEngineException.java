package io.securememory.jca;

import io.securememory.SecureMemoryException;
import org.jspecify.annotations.Nullable;

/** There is nothing to compute with keys: the engine that was asked for cannot be used on this machine. */
public final class CryptoEngineException extends SecureMemoryException {

    private static final long serialVersionUID = 1L;

    CryptoEngineException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
