package io.securememory.libcrypto;

/** On Java 17 to 21, takes the place of the class of the same name in the multi-release overlay. */
final class ForeignKeyLibrary {

    private ForeignKeyLibrary() {}

    @SuppressWarnings({"DoNotCallSuggester", "unused"}) // The overlay's method of this name does not throw.
    static KeyLibrary open(String name) {
        throw new UnsupportedOperationException("The foreign function and memory API needs Java 22.");
    }
}
