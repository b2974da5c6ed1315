package io.securememory.spring.boot.autoconfigure;

/** Text is not in its encoding. Says where and why, and never what is there. */
final class MalformedTextException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Offset in bytes. */
    private final int position;

    /**
     * @param position offset of the first bad byte; the length of the text if something is missing at its end
     * @param problem a sentence without its position and its dot
     */
    MalformedTextException(int position, String problem) {
        super(problem);
        this.position = position;
    }

    int position() {
        return position;
    }

    /** What is wrong and where. */
    String problem() {
        return getMessage() + " (byte offset " + position + ", counted from 0).";
    }
}
