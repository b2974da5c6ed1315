package io.securememory.jca;

import io.securememory.SecretView;
import io.securememory.jca.engine.AeadCipher;
import io.securememory.jca.engine.AeadMessage;
import io.securememory.jca.engine.SecretKeyEngine;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;

/** The layout of what {@link AesGcm} writes: messages, and segments of streams. */
final class MessageFormat {

    /** The first byte of a message, and of a stream. */
    private static final byte MESSAGE = 1;

    private static final byte STREAM = 2;

    /** The first byte and what names the key. */
    private static final int PREFIX = 1 + Integer.BYTES;

    /** Bytes in front of the ciphertext of a message. */
    static final int HEADER = PREFIX + 24;

    /** Random bytes of a stream. The rest of a segment's nonce is its number and whether it is the last one. */
    private static final int STREAM_NONCE = 24 - Integer.BYTES - 1;

    /** Bytes in front of the first segment of a stream. */
    static final int STREAM_HEADER = PREFIX + STREAM_NONCE;

    private static final SecureRandom RANDOM = new SecureRandom();

    private MessageFormat() {}

    static boolean isMessage(byte[] bytes) {
        return bytes.length >= HEADER + AeadCipher.TAG_SIZE && bytes[0] == MESSAGE;
    }

    static boolean isStream(byte[] header) {
        return header[0] == STREAM;
    }

    static int keyId(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getInt(1);
    }

    static byte[] encrypt(SecretKeyEngine engine, SecretView key, int keyId, byte[] plaintext, byte[] associatedData) {
        byte[] nonce = new byte[HEADER - PREFIX];
        RANDOM.nextBytes(nonce);
        byte[] header = ByteBuffer.allocate(HEADER)
                .put(MESSAGE)
                .putInt(keyId)
                .put(nonce)
                .array();
        AeadMessage message = new AeadMessage(
                        nonce, authenticated(header, associatedData), plaintext, 0, plaintext.length)
                .withRoom(HEADER);
        byte[] encrypted = engine.encrypt(AeadCipher.XAES_256_GCM, key, message);
        System.arraycopy(header, 0, encrypted, 0, HEADER);
        return encrypted;
    }

    static byte[] decrypt(SecretKeyEngine engine, SecretView key, byte[] message, byte[] associatedData)
            throws AEADBadTagException {
        return engine.decrypt(
                AeadCipher.XAES_256_GCM,
                key,
                new AeadMessage(
                        Arrays.copyOfRange(message, PREFIX, HEADER),
                        authenticated(message, associatedData),
                        message,
                        HEADER,
                        message.length - HEADER));
    }

    static byte[] newStreamHeader(int keyId) {
        byte[] random = new byte[STREAM_NONCE];
        RANDOM.nextBytes(random);
        return ByteBuffer.allocate(STREAM_HEADER)
                .put(STREAM)
                .putInt(keyId)
                .put(random)
                .array();
    }

    /** Returns the number of a segment as an unsigned int. */
    static int sequence(long number) {
        if (number >>> Integer.SIZE != 0) {
            throw new IllegalStateException("a stream has at most 256 TiB");
        }
        return (int) number;
    }

    /**
     * Returns a segment of a stream.
     *
     * @param number from 0, as an unsigned int
     * @param last whether it is the last one
     */
    static AeadMessage segment(byte[] header, byte[] authenticated, int number, boolean last, byte[] text, int length) {
        byte[] nonce = ByteBuffer.allocate(HEADER - PREFIX)
                .put(header, PREFIX, STREAM_NONCE)
                .putInt(number)
                .put((byte) (last ? 1 : 0))
                .array();
        return new AeadMessage(nonce, authenticated, text, 0, length);
    }

    /** Returns what is authenticated and not encrypted. The beginning has always the same length. */
    static byte[] authenticated(byte[] header, byte[] associatedData) {
        byte[] joined = Arrays.copyOf(header, PREFIX + associatedData.length);
        System.arraycopy(associatedData, 0, joined, PREFIX, associatedData.length);
        return joined;
    }
}
