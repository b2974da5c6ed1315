package io.securememory.spring.boot.sources;

import io.securememory.SecretFunction;
import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Locked memory that grows while something of unknown length is read.
 *
 * <p>Threading: for one thread. Ownership: whoever makes it closes it.
 */
final class GrowingBuffer implements AutoCloseable {

    private static final int FIRST = 4_096;

    private final MemGuard guard;
    private final int maxLength;
    private LockedBuffer bytes;
    private int length;

    /** @param maxLength most bytes that are wanted; one more is accepted, so that it is noticed */
    GrowingBuffer(MemGuard guard, int maxLength) {
        this.guard = guard;
        this.maxLength = maxLength;
        this.bytes = guard.allocate(Math.min(FIRST, maxLength + 1));
    }

    int length() {
        return length;
    }

    /** Tells whether there are more bytes than wanted. */
    boolean isTooLong() {
        return length > maxLength;
    }

    /** Reads once. Returns what {@link LockedBuffer#readFrom} does. */
    int readFrom(ReadableByteChannel channel) throws IOException {
        makeRoom(1);
        int count = bytes.readFrom(channel, length, bytes.size() - length);
        length += Math.max(0, count);
        return count;
    }

    /** Adds the first bytes of a direct buffer, which the caller wipes. Those beyond the most that are accepted are left out. */
    void append(ByteBuffer source, int count) {
        int taken = Math.min(count, maxLength + 1 - length);
        if (taken > 0) {
            makeRoom(taken);
            int to = length;
            bytes.mutate(view -> view.copyFrom(to, source, 0, taken));
            length += taken;
        }
    }

    private void makeRoom(int wanted) {
        int needed = Math.min(length + wanted, maxLength + 1);
        if (needed <= bytes.size()) {
            return;
        }
        LockedBuffer old = bytes;
        int kept = length;
        int size = (int) Math.min(maxLength + 1L, Math.max(needed, 2L * old.size()));
        bytes = copy(old, 0, kept, size);
        old.close();
    }

    private LockedBuffer copy(LockedBuffer source, int from, int count, int size) {
        LockedBuffer made = guard.allocate(size);
        try {
            source.withBytes(view -> {
                made.mutate(target -> target.copyFrom(0, view, from, count));
                return count;
            });
            return made;
        } catch (RuntimeException | Error e) {
            made.close();
            throw e;
        }
    }

    /** Reads what is there. The view may be longer than that. */
    <T> T withBytes(SecretFunction<? extends T, RuntimeException> action) {
        return bytes.<T, RuntimeException>withBytes(action);
    }

    /** Returns a copy of a part, of at least one byte, which the caller closes. */
    LockedBuffer part(int from, int count) {
        return copy(bytes, from, count, count);
    }

    @Override
    public void close() {
        bytes.close();
    }
}
