package io.securememory.memguard;

import io.securememory.SecretClosedException;
import io.securememory.SecretSourceException;
import io.securememory.SecretSourceException.Reason;
import io.securememory.crypto.StackProbe;
import io.securememory.memguard.internal.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A queue of bytes that rest encrypted: what is written is sealed part by part, what is read is opened part by part.
 *
 * <p><b>Guarantees.</b> At most one part is plaintext on either side, in a guarded buffer of its own that is inaccessible
 * between calls. Parts that are written or read whole go from the caller's memory and to it. What a call that
 * fails has opened for the reader's array is zeros in it. A part that cannot be opened stays where it is: nothing is lost,
 * and the next call tries again. A reader that takes less than a part leaves the rest open for the next one; nothing is
 * sealed twice.
 *
 * <p><b>Limits.</b> The queue grows with what is written and not yet read. A purge destroys what is in it: reading then
 * fails with {@link SecretClosedException}.
 *
 * <p><b>Threading.</b> Safe for use by several threads. Each call is one step for all others; bytes of one call stay
 * together.
 *
 * <p><b>Ownership.</b> Whoever holds the stream closes it, which wipes what was not read. Closing the input or the output
 * stream closes nothing.
 */
public final class EnclaveStream implements AutoCloseable {

    private static final int CHUNK = 4096;

    private final OutputStream output = new EnclaveOutputStream(this);
    private final InputStream input = new EnclaveInputStream(this);
    private final Vault vault;

    /** Guarded by this, as everything below. */
    private final PartQueue queue;

    private boolean closed;

    EnclaveStream(Vault vault, int chunkSize) {
        EnclaveOptions.requireChunkSize(chunkSize);
        this.vault = vault;
        this.queue = new PartQueue(vault, chunkSize);
    }

    /**
     * Returns a stream that appends, and wipes nothing that it is given.
     *
     * @return always the same stream
     */
    public OutputStream outputStream() {
        return output;
    }

    /**
     * Returns a stream that reads what was written, from the first byte on, and takes it out of this stream. It ends
     * where nothing is left, and goes on when more was written.
     *
     * @return always the same stream
     */
    public InputStream inputStream() {
        return input;
    }

    /**
     * Appends the bytes of an array, which is wiped on every path.
     *
     * @param source bytes; zeros afterwards
     * @throws SecretClosedException if this stream is closed
     * @throws io.securememory.MemoryLimitException if the memory for it cannot be locked and the policy requires it;
     *     {@link #size()} tells how much was appended before
     */
    public void write(byte[] source) {
        Objects.requireNonNull(source, "source");
        try {
            write(source, 0, source.length);
        } finally {
            Bytes.wipe(source);
        }
    }

    /**
     * Appends the remaining bytes of a buffer, which are wiped if it is writable. Nothing of a direct buffer comes to the
     * heap.
     *
     * @param source bytes; its position moves over what was appended
     * @throws SecretClosedException if this stream is closed
     */
    public void write(ByteBuffer source) {
        ByteBuffer bytes = Objects.requireNonNull(source, "source").slice();
        try {
            append(source);
        } finally {
            Bytes.wipe(bytes);
        }
    }

    /**
     * Appends everything that another stream gives, through one array, which is wiped on every path. {@link
     * InputStream#transferTo} of most streams does the same through one that it leaves on the heap.
     *
     * @param source what is read to its end, while no other thread is kept waiting; the caller closes it. Whatever it
     *     reads through itself is not wiped
     * @return bytes that were appended
     * @throws IOException if the source cannot be read; {@link #size()} tells how much was appended before
     * @throws SecretClosedException if this stream is closed, or if a purge or the end of the session came meanwhile
     */
    public long transferFrom(InputStream source) throws IOException {
        Objects.requireNonNull(source, "source");
        KeyEra era = era();
        byte[] chunk = new byte[CHUNK];
        long done = 0;
        try {
            for (int count = source.read(chunk); count >= 0; count = source.read(chunk)) {
                int length = count;
                era.run(() -> {
                    write(chunk, 0, length);
                    return length;
                });
                Bytes.wipe(chunk); // Before the next wait.
                done += count;
            }
            era.requirePresent();
            return done;
        } finally {
            Bytes.wipe(chunk);
        }
    }

    private synchronized KeyEra era() {
        requireOpen();
        return vault.era();
    }

    void write(byte[] source, int offset, int length) {
        append(ByteBuffer.wrap(source, offset, length));
    }

    private synchronized void append(ByteBuffer source) {
        requireOpen();
        StackProbe.touchForSeveral();
        queue.append(source);
    }

    /**
     * Returns how many bytes are left to read.
     *
     * @return bytes
     */
    public synchronized long size() {
        return queue.size();
    }

    /**
     * Takes out the next part: what is left of the one that was read from last, or the next one that was written.
     *
     * @return a frozen buffer, which the caller closes, or null if nothing is left
     * @throws io.securememory.DecryptionFailedException if the part was changed; it stays
     * @throws io.securememory.MemoryLimitException if the buffer cannot be locked and the policy requires it; nothing is
     *     lost
     * @throws SecretClosedException if this stream is closed, or a purge destroyed the part; it stays
     */
    public synchronized @Nullable LockedBuffer next() {
        requireOpen();
        StackProbe.touchForSeveral();
        return queue.next();
    }

    /**
     * Takes out everything that is left, in one buffer.
     *
     * @return a frozen buffer, which the caller closes, or null if nothing is left
     * @throws io.securememory.DecryptionFailedException if a part was changed; everything stays
     * @throws io.securememory.MemoryLimitException if the buffer cannot be locked and the policy requires it; everything
     *     stays
     * @throws SecretClosedException if this stream is closed, or a purge destroyed a part; everything stays
     * @throws SecretSourceException if more than 512 MiB are left; everything stays
     */
    public synchronized @Nullable LockedBuffer flush() {
        requireOpen();
        StackProbe.touchForSeveral();
        long size = queue.size();
        if (size > RegionLayout.MAX_DATA) {
            String why = "it has " + size + " bytes, one buffer takes " + RegionLayout.MAX_DATA + ".";
            throw new SecretSourceException(Reason.TOO_LARGE, "a stream", why, null);
        }
        return queue.takeAll();
    }

    /** Reads up to so many bytes; returns how many, or -1 if nothing is left. */
    synchronized int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        requireOpen();
        StackProbe.touchForSeveral();
        return length == 0 ? 0 : queue.read(target, offset, length);
    }

    /** Takes bytes out and drops them; returns how many. What rests sealed is not opened for that, but for a last piece. */
    synchronized long skip(long count) {
        requireOpen();
        StackProbe.touchForSeveral();
        return queue.skip(count);
    }

    private void requireOpen() {
        if (closed) {
            throw new SecretClosedException("The stream is closed.");
        }
    }

    /** Wipes what was not read. Idempotent. */
    @Override
    public synchronized void close() {
        StackProbe.touchForSeveral();
        closed = true;
        queue.discardAll();
    }

    @Override
    public String toString() {
        return "EnclaveStream[" + (closed ? "closed" : "open") + "]";
    }
}
