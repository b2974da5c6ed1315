package io.securememory.memguard;

import java.util.Arrays;

/** The part of a stream that was read last, in a frozen buffer. Does not synchronize: callers do. */
final class OpenPart {

    private final LockedBuffer buffer;
    private int from;

    OpenPart(LockedBuffer buffer) {
        this.buffer = buffer;
    }

    boolean is(LockedBuffer other) {
        return buffer == other;
    }

    boolean isEmpty() {
        return from == buffer.size();
    }

    /** Reads up to {@code length} bytes. Returns how many were read. If this fails, the target holds none of them. */
    int read(byte[] target, int offset, int length) {
        int count = Math.min(length, buffer.size() - from);
        try {
            buffer.<Boolean, RuntimeException>withBytes(bytes -> {
                bytes.copyTo(from, target, offset, count);
                return true;
            });
        } catch (RuntimeException | Error e) {
            Arrays.fill(target, offset, offset + count, (byte) 0); // The access may fail at its end, after the copy.
            throw e;
        }
        from += count;
        return count;
    }

    /** Skips up to {@code count} bytes. Returns how many were skipped. */
    int skip(long count) {
        int skipped = (int) Math.min(count, buffer.size() - from);
        from += skipped;
        return skipped;
    }

    /** Copies what is left to the start of a buffer. Returns the number of bytes. */
    int copyTo(LockedBuffer target) {
        return buffer.<Integer, RuntimeException>withBytes(bytes -> {
            int count = bytes.length() - from;
            target.mutate(view -> view.copyFrom(0, bytes, from, count));
            return count;
        });
    }

    /** Returns what is left, as a buffer that the caller closes. */
    LockedBuffer take(Vault vault) {
        if (from == 0) {
            return buffer;
        }
        LockedBuffer rest = vault.allocate(buffer.size() - from);
        try {
            copyTo(rest);
            rest.freeze();
            return rest;
        } catch (Throwable e) {
            Failures.suppress(e, rest::close);
            throw e;
        }
    }

    void close() {
        buffer.close();
    }
}
