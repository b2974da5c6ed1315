package io.securememory.memguard;

/**
 * Comparisons of characters. Those of what stands for bytes take no branch and look nothing up, so that neither time nor
 * caches depend on the text of a secret.
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

    /**
     * Tells whether a character is a blank, a line break or another control character before it: nothing of an encoding. A
     * branch on this tells how a text is laid out, and nothing of its bytes.
     */
    static boolean isBlank(int character) {
        return character >= 0 && character <= ' ';
    }
}
