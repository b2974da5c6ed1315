package io.securememory.spring.boot.sources;

import io.securememory.SecretView;
import org.jspecify.annotations.Nullable;

/** The lines of an HTTP answer, in the memory where it was read. Indexes are relative to where this text begins. */
final class HttpText {

    /** Where something is. */
    record Range(int from, int to) {}

    private static final byte[] VERSION = HttpMessage.bytes("http/1.");

    private final SecretView view;
    private final int begin;
    private final int length;

    HttpText(SecretView view, int length) {
        this(view, 0, length);
    }

    private HttpText(SecretView view, int begin, int length) {
        this.view = view;
        this.begin = begin;
        this.length = length;
    }

    /** Returns the text after an index. */
    HttpText from(int index) {
        return new HttpText(view, begin + index, length - index);
    }

    int length() {
        return length;
    }

    /** Returns a part of the whole answer. */
    HttpMessage.Part part(int from, int count) {
        return new HttpMessage.Part(begin + from, count);
    }

    private int get(int index) {
        return view.get(begin + index) & 0xff;
    }

    /** Returns the byte as a small letter, if it is a letter. */
    private int small(int index) {
        int value = get(index);
        return value >= 'A' && value <= 'Z' ? value | 0x20 : value;
    }

    /** Returns the index after the empty line, or -1 if there is none. */
    int endOfHead(int from) {
        int at = from;
        for (int end = endOfLine(at); end >= 0 && end <= HttpMessage.MAX_HEAD; end = endOfLine(at)) {
            if (end - at == 2) {
                return end;
            }
            at = end;
        }
        return -1;
    }

    /** Returns the index after a line and its break, or -1 if it is not complete. */
    int endOfLine(int from) {
        int last = Math.min(length - 1, from + HttpMessage.MAX_HEAD);
        for (int i = from; i < last; i++) {
            if (isLineBreak(i)) {
                return i + 2;
            }
        }
        return -1;
    }

    boolean isLineBreak(int index) {
        return get(index) == '\r' && get(index + 1) == '\n';
    }

    /** Returns the status of the line at an index, which is complete. */
    int status(int from) {
        int digits = from + VERSION.length + 2;
        int end = endOfLine(from) - 2;
        boolean isStatus = end >= digits + 3
                && startsWith(from, VERSION)
                && get(digits - 1) == ' '
                && (end == digits + 3 || get(digits + 3) == ' ');
        if (!isStatus) {
            throw HttpMessage.malformed("it does not begin as an answer of HTTP/1.1 does.");
        }
        return number(new Range(digits, digits + 3), 10);
    }

    private boolean startsWith(int from, byte[] small) {
        for (int i = 0; i < small.length; i++) {
            if (from + i >= length || small(from + i) != small[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the value of a header, or null if there is none.
     *
     * @param end index after the head
     * @throws SourceException if there are several
     */
    @Nullable
    Range value(String name, int end) {
        byte[] begin = HttpMessage.bytes(name + ":");
        @Nullable Range found = null;
        for (int at = endOfLine(0); at < end - 2; at = endOfLine(at)) {
            if (startsWith(at, begin)) {
                if (found != null) {
                    throw HttpMessage.malformed("it has two headers " + name + ".");
                }
                found = trimmed(at + begin.length, endOfLine(at) - 2);
            }
        }
        return found;
    }

    private Range trimmed(int from, int to) {
        int first = from;
        int last = to;
        while (first < last && isBlank(first)) {
            first++;
        }
        while (last > first && isBlank(last - 1)) {
            last--;
        }
        return new Range(first, last);
    }

    private boolean isBlank(int index) {
        return get(index) == ' ' || get(index) == '\t';
    }

    /** Tells whether a header has a value, in small letters here. */
    boolean isValue(String name, int end, String small) {
        Range value = value(name, end);
        return value != null
                && value.to() - value.from() == small.length()
                && startsWith(value.from(), HttpMessage.bytes(small));
    }

    /** Returns the range of a line up to a character, or up to its break. */
    Range until(int from, int end, char delimiter) {
        int to = from;
        while (to < end - 2 && get(to) != delimiter) {
            to++;
        }
        return trimmed(from, to);
    }

    /** Returns a number of digits only, as large as an answer may be. */
    int number(Range range, int base) {
        int number = 0;
        for (int i = range.from(); i < range.to(); i++) {
            int digit = Character.digit(get(i), base);
            if (digit < 0 || number > Integer.MAX_VALUE / 4 / base) {
                throw HttpMessage.malformed("it has a number that is not one, or too large.");
            }
            number = number * base + digit;
        }
        if (range.from() == range.to()) {
            throw HttpMessage.malformed("it lacks a number.");
        }
        return number;
    }
}
