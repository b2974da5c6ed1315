package io.securememory.spring.boot.autoconfigure;

import io.securememory.SecureMemoryException;

/** Thrown when the Spring Boot on the class path is older than the oldest version that this starter supports. */
final class UnsupportedSpringBootException extends SecureMemoryException {

    private static final long serialVersionUID = 1L;

    /**
     * @param found its version
     */
    UnsupportedSpringBootException(String found) {
        super("securememory-spring-boot-starter needs Spring Boot " + SpringBootVersionCheck.OLDEST
                + ".0 or later, and found Spring Boot " + found + ".");
    }
}
