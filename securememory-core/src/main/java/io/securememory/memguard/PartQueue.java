package io.securememory.memguard;

import io.securememory.SecureMemoryException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a stream, in the order in which they were written. A step that fails loses no byte. Does not
 * synchronize: callers do.
 *
 * <p>From the first byte on, the queue consists of the open part, the sealed parts and the pending part.
 */
final class PartQueue {

    private final Vault vault;
    private final int chunkSize;
    private final Deque<Enclave> parts = new ArrayDeque<>();

    /** The part that was read in part. Null if there is none. */
    private @Nullable OpenPart open;

    /** The part that is written to until it is full. Null if there is none. */
    private @Nullable PendingPart pending;

    private long size;

    PartQueue(Vault vault, int chunkSize) {
        this.vault = vault;
        this.chunkSize = chunkSize;
    }

    /** The number of bytes that are left to read. */
    long size() {
        return size;
    }

    /** Appends the remaining bytes of a buffer. Its position moves past the bytes that were appended. */
    void append(ByteBuffer source) {
        while (source.hasRemaining()) {
            int before = source.remaining();
            appendOnce(source);
            size += before - source.remaining();
        }
        sealPendingIf(isPendingFull());
    }

    private void appendOnce(ByteBuffer source) {
        sealPendingIf(isPendingFull());
        if (pending == null && source.remaining() >= chunkSize) {
            parts.add(seal(source));
            source.position(source.position() + chunkSize);
            return;
        }
        if (pending == null) {
            pending = new PendingPart(vault, chunkSize);
        }
        pending.append(source);
    }

    /** Seals a whole part without copying it, unless it is in an array that cannot be accessed. */
    private Enclave seal(ByteBuffer source) {
        if (source.hasArray()) {
            return vault.seal(source.array(), source.arrayOffset() + source.position(), chunkSize);
        }
        ByteBuffer part = source.slice().order(ByteOrder.LITTLE_ENDIAN).limit(chunkSize);
        return part.isDirect()
                ? vault.seal(part, 0, chunkSize)
                : vault.seal(chunkSize, target -> target.copyFrom(0, part));
    }

    private boolean isPendingFull() {
        return pending != null && pending.isFull();
    }

    private void sealPendingIf(boolean wanted) {
        PendingPart partial = pending;
        if (wanted && partial != null && !partial.isEmpty()) {
            parts.add(partial.seal());
            pending = null;
            partial.close();
        }
    }

    /** Removes and returns the next part, or null if nothing is left. */
    @Nullable
    LockedBuffer next() {
        OpenPart current = current();
        if (current == null) {
            return null;
        }
        LockedBuffer taken = current.take(vault);
        open = new OpenPart(taken); // In case the next step fails.
        if (!current.is(taken)) {
            current.close();
        }
        open = null;
        size -= taken.size();
        return taken;
    }

    /** Returns the part to read from, opened, or null if nothing is left. */
    private @Nullable OpenPart current() {
        dropExhausted();
        if (open == null) {
            sealPendingIf(parts.isEmpty());
            Enclave first = parts.peek();
            if (first != null) {
                open = new OpenPart(first.open());
                parts.remove();
                first.close();
            }
        }
        return open;
    }

    private void dropExhausted() {
        OpenPart read = open;
        if (read != null && read.isEmpty()) {
            read.close();
            open = null;
        }
    }

    /** Removes and returns everything, which must fit into one buffer, or null if nothing is left. */
    @Nullable
    LockedBuffer takeAll() {
        if (size == 0) {
            return null;
        }
        LockedBuffer all = vault.allocate((int) size);
        try {
            copyAll(all);
            all.freeze();
        } catch (Throwable e) {
            Failures.suppress(e, all::close);
            throw e;
        }
        try {
            discardAll();
        } catch (RuntimeException | Error e) {
            open = new OpenPart(all);
            size = all.size();
            throw e;
        }
        return all;
    }

    private void copyAll(LockedBuffer target) {
        int done = 0;
        OpenPart reading = open;
        if (reading != null) {
            done = reading.copyTo(target);
        }
        for (Enclave part : parts) {
            int to = done;
            done = part.<Integer, RuntimeException>withBytes(bytes -> {
                target.mutate(view -> view.copyFrom(to, bytes, 0, bytes.length()));
                return to + bytes.length();
            });
        }
        PendingPart writing = pending;
        if (writing != null) {
            writing.copyTo(target, done);
        }
    }

    /** Reads up to {@code length} bytes. Returns how many were read, or -1 if nothing is left. */
    int read(byte[] target, int offset, int length) {
        int done = 0;
        while (done < length && size > 0) {
            try {
                done += readOnce(target, offset + done, length - done);
            } catch (SecureMemoryException e) {
                if (done == 0) {
                    throw e;
                }
                break; // What was read is removed already. The next call fails again.
            }
        }
        return done == 0 ? -1 : done;
    }

    private int readOnce(byte[] target, int offset, int length) {
        dropExhausted();
        Enclave first = parts.peek();
        int count;
        if (open == null && first != null && first.size() <= length) {
            first.open(target, offset);
            count = first.size();
            parts.remove();
            first.close();
        } else {
            OpenPart current = Objects.requireNonNull(current(), "a part, as the size is not 0");
            count = current.read(target, offset, length);
            if (current.isEmpty() && new Failures().attempt(current::close)) {
                open = null; // If the close failed, the next call tries again. What was read is returned all the same.
            }
        }
        size -= count;
        return count;
    }

    /** Removes up to {@code count} bytes. Returns how many were removed. */
    long skip(long count) {
        long done = 0;
        while (done < count && size > 0) {
            try {
                done += skipOnce(count - done);
            } catch (SecureMemoryException e) {
                if (done == 0) {
                    throw e;
                }
                break; // What was removed stays removed. The next call fails again.
            }
        }
        return done;
    }

    private int skipOnce(long count) {
        dropExhausted();
        Enclave first = parts.peek();
        int skipped;
        if (open == null && first != null && first.size() <= count) {
            skipped = first.size();
            parts.remove();
            first.close();
        } else {
            OpenPart current = Objects.requireNonNull(current(), "a part, as the size is not 0");
            skipped = current.skip(count);
            if (current.isEmpty() && new Failures().attempt(current::close)) {
                open = null;
            }
        }
        size -= skipped;
        return skipped;
    }

    /** Wipes everything. */
    void discardAll() {
        Failures failures = new Failures();
        for (Enclave part = parts.poll(); part != null; part = parts.poll()) {
            failures.attempt(part::close);
        }
        OpenPart reading = open;
        PendingPart writing = pending;
        open = null;
        pending = null;
        size = 0;
        if (reading != null) {
            failures.attempt(reading::close);
        }
        if (writing != null) {
            failures.attempt(writing::close);
        }
        failures.throwFirst();
    }
}
