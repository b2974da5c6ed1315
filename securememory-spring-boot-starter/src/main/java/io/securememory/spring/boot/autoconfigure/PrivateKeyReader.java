package io.securememory.spring.boot.autoconfigure;

import io.securememory.Format;
import io.securememory.MalformedSecretException;
import io.securememory.SecretClosedException;
import io.securememory.SecretView;
import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;
import io.securememory.memguard.TextDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Makes a private key of PKCS#8, as PEM text or DER bytes, in native memory.
 *
 * <p><b>Limits.</b> The JCA takes keys as arrays only. One is on the heap while the key is made, and is wiped. The key that
 * is returned has its numbers on the heap from then on: nothing protects it any more.
 *
 * <p>Source: RFC 5208 and 5958 (PKCS#8), RFC 7468 (PEM).
 */
final class PrivateKeyReader {

    private static final String BEGIN = "-----BEGIN ";
    private static final String BEGIN_KEY = "-----BEGIN PRIVATE KEY-----";
    private static final String END_KEY = "-----END PRIVATE KEY-----";

    /** Other kinds of keys in PEM text. */
    private static final List<String> OTHER_KINDS =
            List.of("ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "CERTIFICATE");

    private static final String OTHER_ALGORITHM = "it is a key of an algorithm other than RSA, EC and EdDSA";

    /** Object identifiers in DER, and the names that the JCA has for them. */
    private static final Map<String, String> ALGORITHMS = Map.of(
            "2a864886f70d010101", "RSA",
            "2a864886f70d01010a", "RSASSA-PSS",
            "2a8648ce3d0201", "EC",
            "2b6570", "Ed25519",
            "2b6571", "Ed448");

    /** Bytes of the longest of them. */
    private static final int MAX_IDENTIFIER = 9;

    private static final int INTEGER = 0x02;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int SEQUENCE = 0x30;

    private final SecretView text;

    /** Where the next element of DER begins. */
    private int position;

    private PrivateKeyReader(SecretView text) {
        this.text = text;
    }

    /**
     * Makes a key.
     *
     * @param guard gives the locked memory that PEM text is decoded into
     * @throws MalformedSecretException if this is no such key
     */
    static PrivateKey read(SecretView text, MemGuard guard) {
        int begin = indexOf(text, BEGIN_KEY, 0);
        if (begin < 0) {
            requireNoOtherKind(text);
            return new PrivateKeyReader(text).key();
        }
        int from = afterLineBreak(text, begin + BEGIN_KEY.length());
        int footer = indexOf(text, END_KEY, from);
        if (footer < 0) {
            throw new MalformedSecretException(text.length(), "it has no line " + END_KEY);
        }
        int end = beforeLineBreak(text, from, footer);
        int length = TextDecoder.length(Format.BASE64, text, from, end);
        if (length == 0) {
            throw new MalformedSecretException(from, "it has nothing between its first and its last line");
        }
        try (LockedBuffer der =
                guard.allocate(length, target -> TextDecoder.decode(Format.BASE64, text, from, end, target))) {
            return der.withBytes(view -> new PrivateKeyReader(view).key());
        }
    }

    private static void requireNoOtherKind(SecretView text) {
        int begin = indexOf(text, BEGIN, 0);
        if (begin < 0) {
            return;
        }
        for (String kind : OTHER_KINDS) {
            if (indexOf(text, BEGIN + kind + "-----", begin) >= 0) {
                throw new MalformedSecretException(begin, "it is not PKCS#8 but '" + kind + "'");
            }
        }
        throw new MalformedSecretException(begin, "it is PEM text, but not of a private key in PKCS#8");
    }

    /** Compares with a constant of the format, nothing of which is secret. */
    private static int indexOf(SecretView text, String wanted, int from) {
        byte[] bytes = wanted.getBytes(StandardCharsets.US_ASCII);
        for (int at = from; at <= text.length() - bytes.length; at++) {
            int same = 0;
            while (same < bytes.length && text.get(at + same) == bytes[same]) {
                same++;
            }
            if (same == bytes.length) {
                return at;
            }
        }
        return -1;
    }

    private static int afterLineBreak(SecretView text, int at) {
        int next = at < text.length() && text.get(at) == '\r' ? at + 1 : at;
        return next < text.length() && text.get(next) == '\n' ? next + 1 : at;
    }

    private static int beforeLineBreak(SecretView text, int from, int end) {
        int last = end > from && text.get(end - 1) == '\n' ? end - 1 : end;
        return last < end && last > from && text.get(last - 1) == '\r' ? last - 1 : last;
    }

    private PrivateKey key() {
        tag(SEQUENCE);
        int length = length();
        if (position + length != text.length()) {
            throw new MalformedSecretException(
                    Math.min(position + length, text.length()), "it does not have the length that its first bytes say");
        }
        skip(header(INTEGER));
        header(SEQUENCE);
        String name = ALGORITHMS.get(identifier());
        if (name == null) {
            throw new MalformedSecretException(position, OTHER_ALGORITHM);
        }
        return key(name);
    }

    @SuppressWarnings("PreserveStackTrace")
    private PrivateKey key(String algorithm) {
        ScopedKeySpec spec = new ScopedKeySpec(text);
        try {
            return KeyFactory.getInstance(algorithm).generatePrivate(spec);
        } catch (SecretClosedException e) {
            throw e; // A purge came; that says nothing of the key.
        } catch (GeneralSecurityException | RuntimeException e) {
            // Without its cause, which may say what the numbers are.
            throw new MalformedSecretException(position, "it is no valid key of the algorithm " + algorithm);
        } finally {
            spec.wipe();
        }
    }

    /**
     * Which algorithm a key is for is not secret: the certificate says so, too. Something longer than any of those that are
     * known may be anything, and does not come to the heap.
     */
    private String identifier() {
        int length = header(OBJECT_IDENTIFIER);
        if (length > MAX_IDENTIFIER) {
            throw new MalformedSecretException(position, OTHER_ALGORITHM);
        }
        byte[] bytes = new byte[length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = text.get(position + i);
        }
        skip(bytes.length);
        return HexFormat.of().formatHex(bytes);
    }

    /** Reads tag and length of an element, whose content is in the text. */
    private int header(int tag) {
        tag(tag);
        int length = length();
        if (length > text.length() - position) {
            throw malformed();
        }
        return length;
    }

    private void tag(int tag) {
        if (position < text.length() && (text.get(position) & 0xFF) != tag) {
            throw malformed();
        }
        next();
    }

    private int length() {
        int first = next();
        if (first < 0x80) {
            return first;
        }
        int bytes = first - 0x80;
        if (bytes < 1 || bytes > 3) { // A secret has less than 2^24 bytes.
            throw malformed();
        }
        int length = 0;
        for (int i = 0; i < bytes; i++) {
            length = (length << 8) | next();
        }
        return length;
    }

    private int next() {
        if (position >= text.length()) {
            throw malformed();
        }
        return text.get(position++) & 0xFF;
    }

    private void skip(int length) {
        position += length;
    }

    private MalformedSecretException malformed() {
        return new MalformedSecretException(position, "it is no private key in PKCS#8");
    }

    /** Hands out copies and wipes them, where the class of the JDK keeps one. */
    private static final class ScopedKeySpec extends PKCS8EncodedKeySpec {

        private final SecretView der;
        private final List<byte[]> copies = new ArrayList<>();

        ScopedKeySpec(SecretView der) {
            super(new byte[0]);
            this.der = der;
        }

        @Override
        public byte[] getEncoded() {
            byte[] copy = new byte[der.length()];
            copies.add(copy);
            der.copyTo(0, copy, 0, copy.length);
            return copy;
        }

        void wipe() {
            copies.forEach(copy -> Arrays.fill(copy, (byte) 0));
        }
    }
}
