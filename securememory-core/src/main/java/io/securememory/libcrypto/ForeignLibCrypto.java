package io.securememory.libcrypto;

import io.securememory.crypto.LibCrypto;

/** On Java 17 to 21, takes the place of the class of the same name in the multi-release overlay. */
final class ForeignLibCrypto {

    private ForeignLibCrypto() {}

    @SuppressWarnings("DoNotCallSuggester") // The overlay's method of this name does not throw.
    static LibCrypto open() {
        throw new UnsupportedOperationException("The foreign function and memory API needs Java 22.");
    }
}
