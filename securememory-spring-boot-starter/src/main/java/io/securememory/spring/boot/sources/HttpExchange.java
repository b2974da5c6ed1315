package io.securememory.spring.boot.sources;

import io.securememory.Secret;
import io.securememory.SecretView;
import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;
import io.securememory.memguard.MutableView;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One request and its answer. Both are in locked memory. */
final class HttpExchange {

    private static final byte[] LINE_BREAK = HttpMessage.bytes("\r\n");

    private final MemGuard guard;
    private final Wire wire;

    HttpExchange(MemGuard guard, Wire wire) {
        this.guard = guard;
        this.wire = wire;
    }

    /**
     * Sends a request.
     *
     * @param header what stands before the token, or null for no token
     * @param token the token, or null for none
     */
    void send(HttpRequest request, @Nullable String header, @Nullable Secret token) throws IOException {
        byte[] head = request.head();
        byte[] begin = header == null ? new byte[0] : HttpMessage.bytes(header);
        try (LockedBuffer whole = token == null
                ? guard.allocate(head.length + LINE_BREAK.length, target -> {
                    target.copyFrom(0, head, 0, head.length);
                    target.copyFrom(head.length, LINE_BREAK, 0, LINE_BREAK.length);
                })
                : Taken.of(keep -> token.withBytes(view -> keep.apply(withToken(head, begin, view))))) {
            wire.send(whole);
        }
    }

    private LockedBuffer withToken(byte[] head, byte[] begin, SecretView token) {
        requireToken(token);
        int size = head.length + begin.length + token.length() + 2 * LINE_BREAK.length;
        return guard.allocate(size, target -> {
            int at = put(target, 0, head);
            at = put(target, at, begin);
            target.copyFrom(at, token, 0, token.length());
            at = put(target, at + token.length(), LINE_BREAK);
            put(target, at, LINE_BREAK);
        });
    }

    private static int put(MutableView target, int at, byte[] bytes) {
        target.copyFrom(at, bytes, 0, bytes.length);
        return at + bytes.length;
    }

    /** Refuses what could end the header, and begin another one. */
    private static void requireToken(SecretView token) {
        for (int i = 0; i < token.length(); i++) {
            if (token.get(i) <= ' ' || token.get(i) > '~') {
                throw SourceException.of(
                        Reason.MALFORMED,
                        "its token has characters that no header has: byte " + i
                                + " is not a visible character of ASCII.",
                        "Write the token alone, on one line, to where token-secret finds it.");
            }
        }
    }

    /**
     * Reads the answer, up to its end or up to a status that is not 200.
     *
     * @return the whole body, which the caller closes
     * @throws SourceException if the server refuses the request, or its answer cannot be taken
     */
    LockedBuffer body(int maxLength) throws IOException {
        try (GrowingBuffer answer = new GrowingBuffer(guard, HttpMessage.MAX_HEAD + 2 * maxLength)) {
            while (true) {
                boolean more = wire.receive(answer);
                int length = answer.length();
                @Nullable HttpMessage[] message = new @Nullable HttpMessage[1];
                answer.withBytes(view -> {
                    message[0] = HttpMessage.of(view, length);
                    return length;
                });
                HttpMessage whole = message[0];
                if (whole != null) {
                    return body(answer, whole, maxLength);
                }
                if (answer.isTooLong()) {
                    throw tooLarge(maxLength);
                }
                if (!more) {
                    throw new EOFException("the connection ended before the answer did");
                }
            }
        }
    }

    private LockedBuffer body(GrowingBuffer answer, HttpMessage message, int maxLength) {
        if (message.status() != HttpMessage.OK) {
            throw HttpStatus.failure(message.status());
        }
        int size = message.length();
        if (size > maxLength) {
            throw tooLarge(maxLength);
        }
        if (size == 0) {
            throw SourceException.of(Reason.EMPTY, "its answer is empty.", "Write the secret there.");
        }
        return Taken.of(keep -> answer.withBytes(view -> keep.apply(guard.allocate(size, target -> {
            int at = 0;
            for (HttpMessage.Part part : message.parts()) {
                target.copyFrom(at, view, part.from(), part.length());
                at += part.length();
            }
        }))));
    }

    private static SourceException tooLarge(int maxLength) {
        return SourceException.of(
                Reason.TOO_LARGE,
                "its answer has more than " + maxLength + " bytes.",
                "Set the URL to that of this one secret.");
    }
}
