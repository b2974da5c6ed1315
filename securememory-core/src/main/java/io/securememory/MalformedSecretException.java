package io.securememory;

/**
 * The text of a secret is not in its {@link Format}.
 *
 * <p>What was read is wiped. Tells where and why, never what is there.
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
     * @param problem a sentence without its position and its dot
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
     * @param source a path, or a word for a stream
     * @param format what the text should be
     * @param found what was found in it
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
     * @return offset in bytes from 0 of the first bad byte, which is the length if the text ends too early
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
