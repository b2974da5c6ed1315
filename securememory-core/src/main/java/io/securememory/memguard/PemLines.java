package io.securememory.memguard;

import static io.securememory.memguard.Characters.isBlank;

import java.util.function.IntUnaryOperator;

/**
 * The lines of PEM text that begin and end a block. See {@link PemText}.
 *
 * <p>Source: RFC 7468.
 */
final class PemLines {

    /** No place. */
    static final int NONE = -1;

    /** For a block of any label. */
    static final String ANY = "";

    private final IntUnaryOperator text;
    private final int from;
    private final int end;

    PemLines(IntUnaryOperator text, int from, int end) {
        this.text = text;
        this.from = from;
        this.end = end;
    }

    /** Where the last line of a block begins, or none if another block begins before it. */
    int lastLine(int body, String label) {
        for (int at = body; at < end; at++) {
            if (afterLine(at, "END", label) != NONE) {
                return at;
            }
            if (afterLine(at, "BEGIN", ANY) != NONE) {
                return NONE;
            }
        }
        return NONE;
    }

    /**
     * What is behind a line that begins or ends a block and begins here, at the first of its dashes; or none. Where the same
     * dashes begin another block, that is the first of them.
     */
    int afterLine(int begin, String word, String label) {
        if (!is(begin, '-') || (begin > from && is(begin - 1, '-'))) {
            return NONE;
        }
        int at = afterDashes(begin);
        if (!isWord(at, word)) {
            return NONE;
        }
        at = at + word.length();
        for (String part : label.split(" ", -1)) {
            at = afterWord(afterBlanks(at), part);
            if (at == NONE) {
                return NONE;
            }
        }
        boolean broken = false;
        while (at < end && !is(at, '-')) {
            broken |= is(at, '\n') || is(at, '\r');
            at++;
        }
        int behind = afterDashes(at);
        // A comment may say what begins, without an end of its own: these dashes are those of the next line then.
        boolean ofAnotherLine = broken && word.equals("BEGIN") && behind == afterBlanks(behind);
        if (at == end || ofAnotherLine) {
            return NONE;
        }
        return word.equals("END") && isWord(behind, "BEGIN") ? at : behind;
    }

    /** Files that are joined without a line break have dashes between two blocks that are of both. */
    private boolean isWord(int at, String word) {
        int behind = afterWord(at, word);
        return behind != NONE && behind != afterBlanks(behind);
    }

    private boolean is(int at, char character) {
        return at < end && text.applyAsInt(at) == character;
    }

    private int afterDashes(int at) {
        int next = at;
        while (is(next, '-')) {
            next++;
        }
        return next;
    }

    private int afterBlanks(int at) {
        int next = at;
        while (next < end && isBlank(text.applyAsInt(next))) {
            next++;
        }
        return next;
    }

    /** Compares with a constant of the format, nothing of which is secret. */
    private int afterWord(int at, String word) {
        if (word.length() > end - at) {
            return NONE;
        }
        for (int i = 0; i < word.length(); i++) {
            int character = text.applyAsInt(at + i);
            boolean letter = character >= 'a' && character <= 'z';
            if ((letter ? character - 0x20 : character) != word.charAt(i)) {
                return NONE;
            }
        }
        return at + word.length();
    }
}
