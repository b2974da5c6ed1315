package io.securememory.spring.boot.autoconfigure;

import io.securememory.Secret;
import io.securememory.SecretClosedException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads one version of a secret to its end, whatever replaces it meanwhile. From the first read to the end or the close
 * it has a copy of its own in native memory; one that is dropped before is found by the session's leak detection, or
 * wiped with it.
 */
final class RotatingSecretInputStream extends InputStream {

    private final Secret secret;

    /** Guarded by this, as the rest. */
    private @Nullable Secret copy;

    private @Nullable InputStream bytes;
    private boolean ended;

    RotatingSecretInputStream(Secret secret) {
        this.secret = secret;
    }

    /** The stream over the copy; null at the end. */
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
