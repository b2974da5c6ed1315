package io.securememory.memguard.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * An input stream over protected bytes. The inherited methods of {@link InputStream} read through arrays that they
 * leave on the heap. The methods here use at most one array in addition to the caller's, and wipe it in every case.
 *
 * <p>{@link #available()} must tell how much is left. A method that cannot read all of that throws, and does not report
 * the end.
 */
public abstract class TracelessInputStream extends InputStream {

    private static final int CHUNK = 4096;

    /** For subclasses. */
    protected TracelessInputStream() {}

    @Override
    public abstract int read(byte[] target, int offset, int length) throws IOException;

    @Override
    public abstract int available() throws IOException;

    @Override
    public abstract long skip(long count) throws IOException;

    @Override
    public byte[] readAllBytes() throws IOException {
        return readNBytes(Integer.MAX_VALUE);
    }

    @Override
    public synchronized byte[] readNBytes(int length) throws IOException {
        if (length < 0) {
            throw new IllegalArgumentException("length is " + length + ", expected at least 0 bytes");
        }
        byte[] bytes = new byte[Math.min(length, available())];
        int count = 0;
        boolean whole = false;
        try {
            int read;
            do { // At least once: so a closed stream throws.
                read = read(bytes, count, bytes.length - count);
                count += Math.max(0, read);
            } while (count < bytes.length && read >= 0);
            whole = count == bytes.length;
            return whole ? bytes : Arrays.copyOf(bytes, count);
        } finally {
            if (!whole) {
                Arrays.fill(bytes, (byte) 0);
            }
        }
    }

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
}
