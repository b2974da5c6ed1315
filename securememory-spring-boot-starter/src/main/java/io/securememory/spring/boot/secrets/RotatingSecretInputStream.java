package io.securememory.spring.boot.secrets;

import io.securememory.Secret;
import io.securememory.SecretClosedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads one version of a secret to its end, even if the secret is rotated meanwhile. From the first read to the end of
 * the stream or its close, the stream has its own copy in native memory. If the stream is dropped without a close, the
 * session's leak detection finds the copy, or the session wipes it when it closes.
 */
final class RotatingSecretInputStream extends InputStream {

    private static final int CHUNK = 4096;

    private final Secret secret;

    /** Guarded by {@code this}, as are the following fields. */
    private @Nullable Secret copy;

    private @Nullable InputStream bytes;
    private boolean ended;

    RotatingSecretInputStream(Secret secret) {
        this.secret = secret;
    }

    /** Returns the stream over the copy, or null at the end. The first call makes the copy. */
    private @Nullable InputStream bytes() {
        if (ended) {
            return null;
        }
        if (secret.isClosed()) {
            close();
            throw new SecretClosedException("The secret is closed.");
        }
        InputStream stream = bytes;
        if (stream == null) {
            Secret own = secret.copy();
            copy = own;
            stream = own.newInputStream();
            bytes = stream;
        }
        return stream;
    }

    @Override
    public synchronized int read() throws IOException {
        InputStream stream = bytes();
        return stream == null ? -1 : endedBy(stream.read());
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        InputStream stream = bytes();
        return stream == null ? -1 : endedBy(stream.read(target, offset, length));
    }

    /** Reads through the copy's stream, whose implementation leaves no other copies on the heap. */
    @Override
    public synchronized byte[] readAllBytes() throws IOException {
        return readNBytes(Integer.MAX_VALUE);
    }

    @Override
    public synchronized byte[] readNBytes(int length) throws IOException {
        if (length < 0) {
            throw new IllegalArgumentException("length is " + length + ", expected at least 0 bytes");
        }
        InputStream stream = length == 0 ? null : bytes();
        byte[] read = stream == null ? new byte[0] : stream.readNBytes(length);
        if (read.length < length) {
            close();
        }
        return read;
    }

    /**
     * Not synchronized as a whole, because the target may be slow: other threads may read in between. Fails, as each
     * read does, when the secret is closed.
     */
    @Override
    public long transferTo(OutputStream target) throws IOException {
        Objects.requireNonNull(target, "target");
        byte[] chunk = new byte[Math.max(1, Math.min(CHUNK, available()))];
        long done = 0;
        try {
            for (int count = read(chunk, 0, chunk.length); count >= 0; count = read(chunk, 0, chunk.length)) {
                target.write(chunk, 0, count);
                done += count;
            }
            return done;
        } finally {
            Arrays.fill(chunk, (byte) 0);
        }
    }

    private int endedBy(int result) {
        if (result < 0) {
            close();
        }
        return result;
    }

    @Override
    public synchronized long skip(long count) throws IOException {
        InputStream stream = bytes();
        return stream == null ? 0 : stream.skip(count);
    }

    @Override
    public synchronized int available() throws IOException {
        InputStream stream = bytes();
        return stream == null ? 0 : stream.available();
    }

    @Override
    public synchronized void close() {
        ended = true;
        bytes = null;
        Secret own = copy;
        copy = null;
        if (own != null) {
            own.close();
        }
    }
}
