package io.securememory.memguard;

import static io.securememory.memguard.Characters.isBlank;

import io.securememory.MalformedSecretException;
import java.util.function.IntUnaryOperator;

/**
 * The headers of a block of PEM text, between its first line and its content.
 *
 * <p>Base64 has no colons. But damaged content may have one, and must not be taken for a header. So headers begin with
 * the first line that is not empty, each has a name that does not look like the beginning of a key, and they end with
 * an empty line. That line may be missing if each header has its name, colon, blank and value in one line.
 *
 * <p>Only the headers that say how a block is encrypted are copied, and only if they have exactly that form.
 *
 * <p>Source: RFC 1421, sections 4.4 and 4.6.
 */
final class PemHeaders {

    private static final String TYPE = "PROC-TYPE";
    private static final String ENCRYPTED = "4,ENCRYPTED";
    private static final String HOW = "DEK-INFO";

    /** Most characters of cipher and initialization vector. More than any existing cipher needs. */
    private static final int MAX_HOW = 96;

    private final IntUnaryOperator text;
    private final int begin;
    private final int last;

    /**
     * Finds the headers of one block.
     *
     * @param begin position after the dashes of its first line
     * @param last position of its last line, or of the end of its headers
     */
    PemHeaders(IntUnaryOperator text, int begin, int last) {
        this.text = text;
        this.begin = begin;
        this.last = last;
    }

    /** Returns the position after the headers, or that after the first line if there are none. */
    int end() {
        int at = afterEmptyLines(begin);
        if (afterName(at) == last) {
            return begin;
        }
        boolean indented = afterIndent(at) > at;
        while (true) {
            boolean complete = true;
            while (afterName(at) < last || (!indented && isContinuation(at))) {
                complete &= isComplete(at);
                at = nextLine(at);
            }
            if (at == last || !isEmptyLine(at)) {
                return complete ? at : begin;
            }
            at = afterEmptyLines(at);
            if (!isNamed(at, TYPE) && !isNamed(at, HOW)) {
                return at;
            }
        }
    }

    /**
     * Returns the headers that say how the block is encrypted.
     *
     * @return the lines of at most two headers, with one blank after the colon and no others, and values in upper case
     * @throws MalformedSecretException if there is a {@code Proc-Type} other than that of an encrypted block
     */
    String ofEncryption() {
        StringBuilder told = new StringBuilder();
        for (int at = begin; at < last; at = nextLine(at)) {
            if (isNamed(at, TYPE)) {
                requireEncrypted(afterName(at), endOfValue(at));
                told.append("Proc-Type: ").append(ENCRYPTED).append('\n');
            } else if (isNamed(at, HOW) && tellsHow(afterName(at), endOfValue(at))) {
                told.append("DEK-Info: ");
                append(told, afterName(at), endOfValue(at));
                told.append('\n');
            }
        }
        return told.toString().strip();
    }

    private void requireEncrypted(int from, int end) {
        int matched = 0;
        for (int i = from; i < end; i++) {
            int character = upperCase(i);
            if (isBlank(character)) {
                continue;
            }
            if (matched == ENCRYPTED.length() || character != ENCRYPTED.charAt(matched)) {
                throw notEncrypted(from);
            }
            matched++;
        }
        if (matched < ENCRYPTED.length()) {
            throw notEncrypted(from);
        }
    }

    private static MalformedSecretException notEncrypted(int position) {
        return new MalformedSecretException(position, "it has a header Proc-Type that does not say " + ENCRYPTED);
    }

    /** Whether a value consists of the name of a cipher, a comma and hexadecimal digits. */
    private boolean tellsHow(int from, int end) {
        int length = 0;
        boolean digits = false;
        for (int i = from; i < end; i++) {
            int character = upperCase(i);
            if (isBlank(character)) {
                continue;
            }
            boolean hex = isDigit(character) || (character >= 'A' && character <= 'F');
            if (digits ? !hex : character != ',' && !isOfName(character)) {
                return false;
            }
            digits |= character == ',';
            length++;
        }
        return digits && length <= MAX_HOW;
    }

    private void append(StringBuilder told, int from, int end) {
        for (int i = from; i < end; i++) {
            int character = upperCase(i);
            if (!isBlank(character)) {
                told.append((char) character);
            }
        }
    }

    private int endOfValue(int at) {
        int next = nextLine(at);
        while (next < last && afterName(next) == last && isContinuation(next)) {
            next = nextLine(next);
        }
        return next;
    }

    /** Returns the position after name and colon if a line is a header, or else that of the last line. */
    private int afterName(int at) {
        int from = afterIndent(at);
        int next = from;
        while (next < last && isOfName(upperCase(next))) {
            next++;
        }
        boolean header = next > from && is(next, ':') && !isBeginOfKey(from, next);
        return header ? Math.min(next + 1, last) : last;
    }

    /**
     * Tells whether a name could be the first bytes of a key in DER: a sequence and its length. In Base64 these begin
     * with an M and one of the first letters of the alphabet. Only one header has a name like that.
     */
    private boolean isBeginOfKey(int from, int end) {
        boolean sequence = is(from, 'M')
                && (end == from + 1 || (text.applyAsInt(from + 1) >= 'A' && text.applyAsInt(from + 1) <= 'I'));
        return sequence && !spells(from, end, "MIC-INFO");
    }

    private boolean isNamed(int at, String name) {
        int behind = afterName(at);
        return behind < last && spells(afterIndent(at), behind - 1, name);
    }

    private boolean spells(int from, int end, String name) {
        boolean same = end - from == name.length();
        for (int i = 0; same && i < name.length(); i++) {
            same = upperCase(from + i) == name.charAt(i);
        }
        return same;
    }

    /**
     * Whether a header needs no empty line after it: its value is in this line and does not continue in the next one.
     */
    private boolean isComplete(int at) {
        int behind = afterName(at);
        if (isNamed(at, TYPE) || isNamed(at, HOW)) {
            return true;
        }
        return behind < last && afterIndent(behind) > behind && !isEmptyLine(behind);
    }

    private boolean isContinuation(int at) {
        return at < last && afterIndent(at) > at && !isEmptyLine(at);
    }

    private int afterEmptyLines(int at) {
        int next = at;
        while (next < last && isEmptyLine(next)) {
            next = nextLine(next);
        }
        return next;
    }

    private boolean isEmptyLine(int at) {
        int next = afterIndent(at);
        return next == last || isLineBreak(next);
    }

    /** Returns the position after blanks, tabs and control characters. */
    private int afterIndent(int at) {
        int next = at;
        while (next < last && !isLineBreak(next) && isBlank(text.applyAsInt(next))) {
            next++;
        }
        return next;
    }

    private int nextLine(int at) {
        int next = at;
        while (next < last && !isLineBreak(next)) {
            next++;
        }
        return Math.min(is(next, '\r') && is(next + 1, '\n') ? next + 2 : next + 1, last);
    }

    private boolean isLineBreak(int at) {
        return is(at, '\n') || is(at, '\r');
    }

    private boolean is(int at, char character) {
        return at < last && text.applyAsInt(at) == character;
    }

    private int upperCase(int at) {
        int character = text.applyAsInt(at);
        return character >= 'a' && character <= 'z' ? character - 0x20 : character;
    }

    /** Whether a character, in upper case, can be part of a name. */
    private static boolean isOfName(int character) {
        return isDigit(character) || (character >= 'A' && character <= 'Z') || character == '-';
    }

    private static boolean isDigit(int character) {
        return character >= '0' && character <= '9';
    }
}
