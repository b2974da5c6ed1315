package io.securememory.jca;

import io.securememory.Secret;
import io.securememory.jca.engine.AeadCipher;
import io.securememory.jca.engine.AeadMessage;
import io.securememory.jca.engine.SecretKeyEngine;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/** Decrypts what an {@link EncryptingStream} wrote, see {@link AesGcm#decryptFrom}. */
final class DecryptingStream extends InputStream {

    private static final int ENCRYPTED = EncryptingStream.SEGMENT + AeadCipher.TAG_SIZE;

    private static final byte[] NOTHING = new byte[0];

    private final InputStream in;
    private final AesGcmKeys keys;
    private final byte[] associatedData;

    /** The next encrypted segment, and one byte more, which tells whether another one follows. */
    private final byte[] ahead = new byte[ENCRYPTED + 1];

    private int aheadLength;
    private byte @Nullable [] header;
    private byte[] authenticated = NOTHING;

    /** A copy of the key, once the first segment is decrypted. */
    private @Nullable Secret key;

    private byte[] plain = NOTHING;
    private int position;
    private long number;
    private boolean ended;
    private boolean failed;
    private boolean closed;

    DecryptingStream(InputStream in, AesGcmKeys keys, byte[] associatedData) {
        this.in = in;
        this.keys = keys;
        this.associatedData = associatedData.clone();
    }

    @Override
    public int read() throws IOException {
        return isAtEnd() ? -1 : plain[position++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (isAtEnd()) {
            return -1;
        }
        int part = Math.min(length, plain.length - position);
        System.arraycopy(plain, position, target, offset, part);
        position += part;
        return part;
    }

    @Override
    public int available() {
        return plain.length - position;
    }

    private boolean isAtEnd() throws IOException {
        if (closed) {
            throw new IOException("the stream is closed");
        }
        while (position == plain.length && !ended) {
            if (failed) {
                throw new IOException("the stream has failed before");
            }
            failed = true; // Unless it is done.
            nextSegment();
            failed = false;
        }
        return position == plain.length;
    }

    private void nextSegment() throws IOException {
        wipe();
        byte[] present = header;
        if (present == null) {
            present = in.readNBytes(MessageFormat.STREAM_HEADER);
            if (present.length < MessageFormat.STREAM_HEADER || !MessageFormat.isStream(present)) {
                throw AesGcm.failed();
            }
            header = present;
            authenticated = MessageFormat.authenticated(present, associatedData);
        }
        aheadLength += in.readNBytes(ahead, aheadLength, ahead.length - aheadLength);
        boolean last = aheadLength <= ENCRYPTED;
        int length = last ? aheadLength : ENCRYPTED;
        if (length < AeadCipher.TAG_SIZE) {
            throw AesGcm.failed();
        }
        AeadMessage segment =
                MessageFormat.segment(present, authenticated, MessageFormat.sequence(number), last, ahead, length);
        plain = decrypt(MessageFormat.keyId(present), segment);
        position = 0;
        number++;
        ended = last;
        aheadLength -= length;
        ahead[0] = ahead[ENCRYPTED];
    }

    private byte[] decrypt(int keyId, AeadMessage segment) {
        Secret own = key;
        if (own == null) {
            return keys.withKeyOf(keyId, (engine, secret) -> decryptFirst(engine, secret, segment));
        }
        try {
            return decrypt(keys.engine(), own, segment);
        } catch (AEADBadTagException e) {
            throw AesGcm.failed();
        }
    }

    private byte[] decryptFirst(SecretKeyEngine engine, Secret secret, AeadMessage segment) throws AEADBadTagException {
        Secret copy = secret.copy();
        boolean done = false;
        try {
            byte[] decrypted = decrypt(engine, copy, segment);
            key = copy;
            done = true;
            return decrypted;
        } finally {
            if (!done) {
                copy.close();
            }
        }
    }

    private static byte[] decrypt(SecretKeyEngine engine, Secret secret, AeadMessage segment)
            throws AEADBadTagException {
        return secret.<byte[], AEADBadTagException>withBytes(
                view -> engine.decrypt(AeadCipher.XAES_256_GCM, view, segment));
    }

    private void wipe() {
        Arrays.fill(plain, (byte) 0);
        plain = NOTHING;
        position = 0;
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (InputStream ignored = in) {
            wipe();
        } finally {
            Secret own = key;
            if (own != null) {
                own.close();
            }
        }
    }
}
