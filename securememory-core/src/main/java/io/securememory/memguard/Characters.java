package io.securememory.memguard;

/**
 * Comparisons of characters that take no branch and look nothing up, so that neither time nor caches depend on the text of a
 * secret.
 */
final class Characters {

    private Characters() {}

    /** All bits if the character is between two others, both included; else none. */
    static int between(int character, char first, char last) {
        return ((first - 1 - character) & (character - last - 1)) >> 31;
    }

    /** All bits if the character is this one, else none. */
    static int is(int character, char other) {
        return between(character, other, other);
    }
}
