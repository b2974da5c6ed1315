package io.securememory.memguard;

import static io.securememory.memguard.Characters.isBlank;

import java.util.function.IntUnaryOperator;

/**
 * The lines of PEM text that begin and end a block. See {@link PemText}.
 *
 * <p>Source: RFC 7468.
 */
final class PemLines {

    /** Stands for no position. */
    static final int NONE = -1;

    /** Stands for any label. */
    static final String ANY = "";

    /** Stands for any label with the word CERTIFICATE, which is no label: none has an asterisk. */
    static final String ANY_CERTIFICATE = "*";

    private static final String CERTIFICATE = "CERTIFICATE";

    private final IntUnaryOperator text;
    private final int from;
    private final int end;

    PemLines(IntUnaryOperator text, int from, int end) {
        this.text = text;
        this.from = from;
        this.end = end;
    }

    /**
     * Returns where the last line of a block begins, or {@link #NONE} if another block begins before it. A certificate
     * may end with the label of another one, but not after the end of anything else.
     */
    int lastLine(int body, String label) {
        for (int at = body; at < end; at++) {
            if (afterLine(at, "END", label) != NONE) {
                return at;
            }
            boolean ofAnother = label.equals(ANY_CERTIFICATE) && afterLine(at, "END", ANY) != NONE;
            if (ofAnother || afterLine(at, "BEGIN", ANY) != NONE) {
                return NONE;
            }
        }
        return NONE;
    }

    /**
     * Returns the position after a line that begins or ends a block. The line starts at the given position, with the
     * first of its dashes. Returns {@link #NONE} if there is no such line. If the same dashes also begin the next
     * block, returns the first of these dashes.
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
        at = label.equals(ANY_CERTIFICATE) ? afterCertificate(afterBlanks(at)) : afterLabel(at, label);
        if (at == NONE) {
            return NONE;
        }
        boolean broken = false;
        while (at < end && !is(at, '-')) {
            broken |= isLineBreak(at);
            at++;
        }
        int behind = afterDashes(at);
        // A comment may contain the words of a first line without dashes at its end: these dashes belong to the next
        // line.
        boolean ofAnotherLine = broken && word.equals("BEGIN") && behind == afterBlanks(behind);
        if (at == end || ofAnotherLine) {
            return NONE;
        }
        return word.equals("END") && isWord(behind, "BEGIN") ? at : behind;
    }

    private int afterLabel(int begin, String label) {
        int at = begin;
        for (String part : label.split(" ", -1)) {
            at = afterWord(afterBlanks(at), part);
            if (at == NONE) {
                return NONE;
            }
        }
        return at;
    }

    /**
     * Returns the position after the word CERTIFICATE, which may be anywhere in a label, also behind dashes. If several
     * could be the last one of the line, it is that with dashes and a blank behind it, as in Spring Boot. Does not look
     * behind the label of a private key.
     */
    private int afterCertificate(int begin) {
        int first = NONE;
        int last = NONE;
        int word = NONE;
        boolean ofKey = false;
        for (int at = begin; at < end && (word != NONE || !isLineBreak(at)); at++) {
            if (!is(at, '-')) {
                word = word == NONE ? afterWord(at, CERTIFICATE) : word;
                ofKey |= afterWord(at, "PRIVATE KEY") != NONE;
                continue;
            }
            int behind = afterDashes(at);
            first = first == NONE ? word : first;
            last = word != NONE && (behind == end || behind != afterBlanks(behind)) ? word : last;
            if (ofKey || isWord(behind, "BEGIN") || isWord(behind, "END")) {
                break;
            }
            word = NONE;
            at = behind - 1;
        }
        return last == NONE ? first : last;
    }

    private boolean isLineBreak(int at) {
        return is(at, '\n') || is(at, '\r');
    }

    /**
     * Whether a word follows. If files were joined without a line break, the dashes between two blocks belong to both.
     */
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

    /** Returns the position after a word, or {@link #NONE}. The word is a constant of the format and not secret. */
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
