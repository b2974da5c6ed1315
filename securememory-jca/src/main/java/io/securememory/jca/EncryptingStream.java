package io.securememory.jca;

import io.securememory.jca.AesGcmKeys.StreamKey;
import io.securememory.jca.engine.AeadCipher;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * Encrypts in segments, see {@link AesGcm#encryptTo}. Source: Hoang, Reyhanitabar, Rogaway and Vizar, Online
 * Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance, 2015 (STREAM).
 */
final class EncryptingStream extends OutputStream {

    /** Bytes of plaintext in each segment but the last one. */
    static final int SEGMENT = 64 * 1024;

    private final OutputStream out;
    private final StreamKey key;
    private final byte[] header;
    private final byte[] authenticated;
    private final byte[] segment = new byte[SEGMENT];
    private int filled;
    private long number;
    private boolean failed;
    private boolean closed;

    EncryptingStream(OutputStream out, StreamKey key, byte[] associatedData) {
        this.out = out;
        this.key = key;
        this.header = MessageFormat.newStreamHeader(key.id());
        this.authenticated = MessageFormat.authenticated(header, associatedData);
    }

    @Override
    public void write(int value) throws IOException {
        ensureRoom();
        segment[filled++] = (byte) value;
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, source.length);
        int done = 0;
        while (done < length) {
            ensureRoom();
            int part = Math.min(length - done, SEGMENT - filled);
            System.arraycopy(source, offset + done, segment, filled, part);
            filled += part;
            done += part;
        }
    }

    /** A full segment is written when more follows: until then it may be the last one. */
    private void ensureRoom() throws IOException {
        if (closed) {
            throw new IOException("the stream is closed");
        }
        if (failed) {
            throw new IOException("the stream has failed before; what it wrote has no end");
        }
        if (filled == SEGMENT) {
            writeSegment(false);
        }
    }

    private void writeSegment(boolean last) throws IOException {
        failed = true; // Unless it is done. A segment is never encrypted twice, as it has one nonce.
        int sequence = MessageFormat.sequence(number);
        byte[] encrypted = key.secret()
                .withBytes(view -> key.engine()
                        .encrypt(
                                AeadCipher.XAES_256_GCM,
                                view,
                                MessageFormat.segment(header, authenticated, sequence, last, segment, filled)));
        if (number == 0) {
            out.write(header);
        }
        out.write(encrypted);
        number++;
        filled = 0;
        failed = false;
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (OutputStream ended = out) {
            if (!failed) {
                writeSegment(true);
                ended.flush();
            }
        } finally {
            Arrays.fill(segment, (byte) 0);
            key.secret().close();
        }
    }
}
