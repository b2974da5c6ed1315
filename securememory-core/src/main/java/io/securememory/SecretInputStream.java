package io.securememory;

import io.securememory.memguard.internal.TracelessInputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * Reads a secret piece by piece. Each read is a separate access. A read that fails leaves no byte of the secret in the
 * target.
 */
final class SecretInputStream extends TracelessInputStream {

    private final Secret secret;

    /** Guarded by this. */
    private int position;

    SecretInputStream(Secret secret) {
        this.secret = secret;
    }

    @Override
    public synchronized int read() {
        if (position == secret.length()) {
            return -1;
        }
        int value = secret.withBytes(view -> view.get(position) & 0xFF);
        position++;
        return value;
    }

    @Override
    public synchronized int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (position == secret.length()) {
            return -1;
        }
        int count = Math.min(length, available());
        try {
            secret.useBytes(view -> view.copyTo(position, target, offset, count));
        } catch (RuntimeException | Error e) {
            Arrays.fill(target, offset, offset + count, (byte) 0); // The access may fail at its end, after the copy.
            throw e;
        }
        position += count;
        return count;
    }

    @Override
    public synchronized long skip(long count) {
        int skipped = (int) Math.max(0, Math.min(count, available()));
        position += skipped;
        return skipped;
    }

    @Override
    public synchronized int available() {
        return secret.length() - position;
    }
}
