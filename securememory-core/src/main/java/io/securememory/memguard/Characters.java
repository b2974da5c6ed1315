package io.securememory.memguard;

/**
 * Comparisons of characters. For characters that stand for bytes they use no branches and no tables, so neither the
 * time taken nor the use of caches depends on the text of a secret.
 */
final class Characters {

    private Characters() {}

    /** Returns -1 if the character is between two others, both included, or else 0. */
    static int between(int character, char first, char last) {
        return ((first - 1 - character) & (character - last - 1)) >> 31;
    }

    /** Returns -1 if the characters are equal, or else 0. */
    static int is(int character, char other) {
        return between(character, other, other);
    }

    /**
     * Tells whether a character is a blank, a line break or another control character up to the blank. None of these is
     * part of an encoding. A branch on the result shows the layout of a text, but nothing of its bytes.
     */
    static boolean isBlank(int character) {
        return character >= 0 && character <= ' ';
    }
}
