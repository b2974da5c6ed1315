package io.securememory;

/**
 * The text of a secret is not in the expected {@link Format}.
 *
 * <p>The bytes that were read are wiped. The message says where the text is malformed and why, and never shows any of
 * it.
 */
public final class MalformedSecretException extends SecureMemoryException {

    private static final long serialVersionUID = 1L;

    /** Offset in bytes. */
    private final int position;

    /** What is wrong and where. */
    private final String problem;

    /**
     * Creates an exception for text whose source is not known here.
     *
     * @param position offset of the first bad byte; the length of the text if something is missing at its end
     * @param problem what is wrong: the end of a sentence, without position and full stop
     */
    public MalformedSecretException(int position, String problem) {
        this(
                "The text of a secret is malformed: ",
                position,
                problem + " (byte offset " + position + ", counted from 0).",
                "");
    }

    /**
     * Creates an exception that names the source.
     *
     * @param source the path of a file, or a word for a stream
     * @param format the format that was expected
     * @param found the exception that tells what is wrong
     */
    public MalformedSecretException(String source, Format format, MalformedSecretException found) {
        this(
                "Cannot read a secret from " + source + ": it is not in the format " + format + ": ",
                found.position,
                found.problem,
                remedy(format));
    }

    private MalformedSecretException(String introduction, int position, String problem, String remedy) {
        super(introduction + problem + remedy);
        this.position = position;
        this.problem = problem;
    }

    private static String remedy(Format format) {
        return switch (format) {
            case RAW, TEXT -> "";
            case HEX -> " Write it as xxd -p does, or read it as RAW.";
            case BASE64 -> " Write it as base64 does, or read it as RAW.";
            case PEM -> " Write it as openssl pkcs8 -topk8 does, or read it as RAW.";
        };
    }

    /**
     * Returns where the text is malformed.
     *
     * @return offset of the first bad byte, counted from 0; the length of the text if it ends too early
     */
    public int position() {
        return position;
    }

    /**
     * Returns what is wrong and where.
     *
     * @return a sentence
     */
    public String problem() {
        return problem;
    }
}
