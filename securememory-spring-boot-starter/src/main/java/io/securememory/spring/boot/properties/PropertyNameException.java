package io.securememory.spring.boot.properties;

import io.securememory.SecureMemoryException;

/** Properties below {@code securememory} have names that are unknown or ambiguous. The message shows no value. */
final class PropertyNameException extends SecureMemoryException {

    private static final long serialVersionUID = 1L;

    /** What to write instead. */
    private final String remedy;

    PropertyNameException(String description, String remedy) {
        super(description);
        this.remedy = remedy;
    }

    /** What to write instead. */
    String remedy() {
        return remedy;
    }
}
