package io.securememory.memcall;

import io.securememory.UnsupportedPlatformException;

/** Replaces, on Java 17 to 21, the class with the same name that the multi-release jar has for Java 22 and later. */
final class ForeignLibC {

    private ForeignLibC() {}

    static boolean isAvailable() {
        return false;
    }

    @SuppressWarnings("DoNotCallSuggester") // The overlay's method of this name does not throw.
    static LibC open() {
        throw unavailable();
    }

    static UnsupportedPlatformException unavailable() {
        return new UnsupportedPlatformException(
                "The foreign function and memory API needs Java 22 or later and the packaged jar; this is Java "
                        + Runtime.version().feature() + ". Choose native access jna or auto.",
                null);
    }
}
