package io.securememory.memguard;

import io.securememory.SecretClosedException;
import io.securememory.memguard.internal.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * A stream, whose code belongs to a user. It is read into a small array on the heap while the thread is inside of no
 * region. The array is wiped before the next read.
 */
final class StreamSource implements Source {

    private static final int FIRST = 512;

    /** Most bytes of one read. Large, so that long sources need few accesses. */
    private static final int LARGEST = 1 << 16;

    /** A way to read from the stream. */
    @FunctionalInterface
    private interface Way {
        /** Reads up to {@code most} bytes. Returns how many were read, or -1 at the end. */
        int read(byte[] target, int most) throws IOException;
    }

    /** Takes the bytes that are in the array. */
    @FunctionalInterface
    private interface Taker {
        void take(byte[] chunk, int count);
    }

    private final String name;
    private final Way way;
    private byte[] chunk = new byte[FIRST];

    private StreamSource(String name, Way way) {
        this.name = name;
        this.way = way;
    }

    static StreamSource of(InputStream in) {
        return named("a stream", in);
    }

    static StreamSource named(String name, InputStream in) {
        return new StreamSource(name, (target, most) -> in.read(target, 0, most));
    }

    /** A source of the bytes up to a delimiter. The delimiter is read, too, but nothing after it. */
    static StreamSource upTo(byte delimiter, InputStream in) {
        return new StreamSource("a stream", new Way() {
            private boolean ended;

            @Override
            public int read(byte[] target, int most) throws IOException {
                int count = 0;
                while (!ended && count < most && (count == 0 || in.available() > 0)) {
                    int value = in.read();
                    ended = value < 0 || (byte) value == delimiter;
                    if (!ended) {
                        target[count] = (byte) value;
                        count++;
                    }
                }
                return count == 0 ? -1 : count;
            }
        });
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long size() {
        return 0;
    }

    @Override
    public int fill(LockedBuffer target, int from) throws IOException {
        int filled = from;
        int count = 0;
        while (count >= 0 && filled < target.size()) {
            int to = filled;
            count = pass(
                    target.size() - filled,
                    (bytes, length) -> target.mutate(view -> view.copyFrom(to, bytes, 0, length)));
            if (!target.isAlive()) {
                throw new SecretClosedException("A purge or a close came while a stream was read; it is not read on.");
            }
            filled += Math.max(0, count);
        }
        return filled;
    }

    @Override
    public boolean append(SealedParts target, int most) throws IOException {
        int count = pass(most, target::append);
        target.requireCurrent();
        return count >= 0;
    }

    /** Reads once into the array, and passes on what was read. */
    private int pass(int most, Taker taker) throws IOException {
        byte[] bytes = chunk;
        try {
            int length = Math.min(most, bytes.length);
            int count = way.read(bytes, length);
            if (count > 0) {
                Objects.checkFromToIndex(0, count, length); // The stream may return any count.
                taker.take(bytes, count);
            }
            if (count == bytes.length && count < LARGEST) {
                chunk = new byte[2 * count];
            }
            return count;
        } finally {
            Bytes.wipe(bytes);
        }
    }
}
