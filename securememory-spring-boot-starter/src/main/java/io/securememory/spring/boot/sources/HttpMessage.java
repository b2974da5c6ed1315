package io.securememory.spring.boot.sources;

import io.securememory.SecretView;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a server, which stays where it was read. Strict: an answer that could be read in two ways is refused.
 *
 * @param status three digits
 * @param parts where the body is; empty unless the status is 200
 */
record HttpMessage(int status, List<Part> parts) {

    /** Most bytes of the lines before the body. */
    static final int MAX_HEAD = 16 * 1024;

    static final int OK = 200;

    private static final String REMEDY = "Make sure that the URL is that of an HTTP/1.1 server.";

    /** A part of the body. */
    record Part(int from, int length) {}

    /** Returns the length of the body. */
    int length() {
        return parts.stream().mapToInt(Part::length).sum();
    }

    /**
     * Parses what was read so far.
     *
     * @param length how much of the view was read
     * @return the answer, or null if there is more to come
     * @throws SourceException if this is no answer that can be taken
     */
    static @Nullable HttpMessage of(SecretView view, int length) {
        HttpText text = new HttpText(view, length);
        int end = text.endOfHead(0);
        while (end >= 0 && isInterim(text.status(0))) {
            text = text.from(end);
            end = text.endOfHead(0);
        }
        if (end < 0) {
            if (length > MAX_HEAD) {
                throw malformed("its head has more than " + MAX_HEAD + " bytes.");
            }
            return null;
        }
        int status = text.status(0);
        if (status != OK) {
            return new HttpMessage(status, List.of());
        }
        return ok(text, end);
    }

    private static boolean isInterim(int status) {
        return status >= 100 && status < OK && status != 101;
    }

    private static @Nullable HttpMessage ok(HttpText text, int end) {
        if (text.value("content-encoding", end) != null && !text.isValue("content-encoding", end, "identity")) {
            throw malformed("its body is compressed, which was not asked for.");
        }
        HttpText.@Nullable Range encoding = text.value("transfer-encoding", end);
        HttpText.@Nullable Range size = text.value("content-length", end);
        if (encoding != null && (size != null || !text.isValue("transfer-encoding", end, "chunked"))) {
            throw malformed("the length of its body is given in a way that is not safe to read.");
        }
        if (encoding != null) {
            return chunked(text, end);
        }
        if (size == null) {
            throw malformed("it does not give the length of its body.");
        }
        int length = text.number(size, 10);
        boolean complete = text.length() - end >= length;
        return complete ? new HttpMessage(OK, List.of(text.part(end, length))) : null;
    }

    private static @Nullable HttpMessage chunked(HttpText text, int begin) {
        List<Part> parts = new ArrayList<>();
        int at = begin;
        while (true) {
            int end = text.endOfLine(at);
            if (end < 0) {
                return null;
            }
            int length = text.number(text.until(at, end, ';'), 16);
            if (length == 0) {
                return endsAfter(text, end) ? new HttpMessage(OK, parts) : null;
            }
            int next = end + length;
            if (text.length() - next < 2) {
                return null;
            }
            if (!text.isLineBreak(next)) {
                throw malformed("a part of its body does not end where it should.");
            }
            parts.add(text.part(end, length));
            at = next + 2;
        }
    }

    /** Tells whether the lines after the last part are complete. They are ignored. */
    private static boolean endsAfter(HttpText text, int from) {
        int at = from;
        for (int end = text.endOfLine(at); end >= 0; end = text.endOfLine(at)) {
            if (end - at == 2) {
                return true;
            }
            at = end;
        }
        return false;
    }

    /** Returns the failure for an answer that cannot be taken. */
    static SourceException malformed(String problem) {
        return SourceException.of(Reason.MALFORMED, "its answer cannot be taken: " + problem, REMEDY);
    }

    /** Returns a word as the bytes that HTTP has for it. */
    static byte[] bytes(String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }
}
