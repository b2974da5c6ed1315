package io.securememory.spring.boot.sources;

import io.securememory.SecretView;
import io.securememory.memguard.MutableView;

/**
 * Reads JSON (RFC 8259) in native memory: checks the whole text, and finds one value by the names that lead to it. Nothing of
 * the text comes to the heap; each byte passes through a variable.
 */
final class JsonScanner {

    /** Most objects and arrays inside each other. */
    static final int MAX_DEPTH = 64;

    /** What is wrong with a text. */
    enum Problem {
        SYNTAX,
        NO_TEXT,
        TWICE,
        DEPTH
    }

    /** A text is not what it should be. Has no content. */
    static final class MalformedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final Problem problem;
        private final int position;

        MalformedException(Problem problem, int position) {
            super(problem + " at byte " + position);
            this.problem = problem;
            this.position = position;
        }

        Problem problem() {
            return problem;
        }

        int position() {
            return position;
        }
    }

    /**
     * Where a text in quotes is.
     *
     * @param from index of the opening quote
     * @param length of what it stands for, in bytes of UTF-8
     */
    record Found(int from, int length) {
        static final Found NONE = new Found(-1, 0);

        boolean isMissing() {
            return from < 0;
        }
    }

    private final SecretView text;
    private final int end;
    private final byte[][] names;
    private int at;
    private Found found = Found.NONE;

    private JsonScanner(SecretView text, int end, byte[][] names) {
        this.text = text;
        this.end = end;
        this.names = names;
    }

    /**
     * Finds the text at the end of a path.
     *
     * @param end how much of the view is JSON
     * @param names the names that lead to it, at least one
     * @throws MalformedException if this is no JSON, or the value is no text or not the only one
     */
    static Found find(SecretView text, int end, byte[][] names) {
        JsonScanner scanner = new JsonScanner(text, end, names);
        scanner.skipBlanks();
        scanner.value(0, 0);
        scanner.skipBlanks();
        if (scanner.at != end) {
            throw scanner.unexpected();
        }
        return scanner.found;
    }

    /** Writes what a text stands for. */
    static void copy(SecretView text, int end, Found found, MutableView target) {
        int[] next = new int[1];
        new JsonText(text, end).read(found.from(), value -> {
            target.put(next[0], value);
            next[0]++;
        });
    }

    /** @param matched how many names have led here, or -1 if another name has */
    private void value(int depth, int matched) {
        boolean isWanted = matched == names.length;
        if (isWanted && !found.isMissing()) {
            throw new MalformedException(Problem.TWICE, at);
        }
        int first = peek();
        if (isWanted && first != '"') {
            throw new MalformedException(Problem.NO_TEXT, at);
        }
        switch (first) {
            case '{' -> object(depth, matched);
            case '[' -> array(depth);
            case '"' -> text(isWanted);
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        }
    }

    private void object(int depth, int matched) {
        requireDepth(depth);
        at++;
        skipBlanks();
        if (take('}')) {
            return;
        }
        boolean seen = false;
        do {
            skipBlanks();
            boolean same = isName(matched);
            if (same && seen) {
                throw new MalformedException(Problem.TWICE, at);
            }
            seen |= same;
            skipBlanks();
            expect(':');
            skipBlanks();
            value(depth + 1, same ? matched + 1 : -1);
            skipBlanks();
        } while (take(','));
        expect('}');
    }

    /** Reads the name of a member. Tells whether it is the next name of the path. */
    private boolean isName(int matched) {
        if (matched < 0) {
            at = new JsonText(text, end).read(at, value -> {});
            return false;
        }
        byte[] name = names[matched];
        int[] length = new int[1];
        int[] difference = new int[1];
        at = new JsonText(text, end).read(at, value -> {
            difference[0] |= length[0] < name.length ? value ^ name[length[0]] : 1;
            length[0]++;
        });
        return difference[0] == 0 && length[0] == name.length;
    }

    private void array(int depth) {
        requireDepth(depth);
        at++;
        skipBlanks();
        if (take(']')) {
            return;
        }
        do {
            skipBlanks();
            value(depth + 1, -1);
            skipBlanks();
        } while (take(','));
        expect(']');
    }

    private void requireDepth(int depth) {
        if (depth >= MAX_DEPTH) {
            throw new MalformedException(Problem.DEPTH, at);
        }
    }

    private void text(boolean isWanted) {
        int from = at;
        int[] length = new int[1];
        at = new JsonText(text, end).read(at, value -> length[0]++);
        if (isWanted) {
            found = new Found(from, length[0]);
        }
    }

    private void literal(String word) {
        for (int i = 0; i < word.length(); i++) {
            expect(word.charAt(i));
        }
    }

    private void number() {
        take('-');
        if (!take('0')) {
            digits();
        }
        if (take('.')) {
            digits();
        }
        if (take('e') || take('E')) {
            if (!take('+')) {
                take('-');
            }
            digits();
        }
    }

    private void digits() {
        int begin = at;
        while (peek() >= '0' && peek() <= '9') {
            at++;
        }
        if (at == begin) {
            throw unexpected();
        }
    }

    private void skipBlanks() {
        while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') {
            at++;
        }
    }

    /** Returns the next byte, or -1 at the end. */
    private int peek() {
        return at < end ? text.get(at) & 0xff : -1;
    }

    private boolean take(char expected) {
        boolean isThere = peek() == expected;
        at += isThere ? 1 : 0;
        return isThere;
    }

    private void expect(char expected) {
        if (!take(expected)) {
            throw unexpected();
        }
    }

    private MalformedException unexpected() {
        return new MalformedException(Problem.SYNTAX, at);
    }
}
