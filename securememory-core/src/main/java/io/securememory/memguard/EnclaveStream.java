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
 * A queue of bytes that are kept encrypted. What is written is sealed part by part, and what is read is opened part by
 * part.
 *
 * <p><b>Guarantees.</b> At most one part is plaintext at each end of the queue, in a guarded buffer that is
 * inaccessible between calls. Parts that are written or read as a whole are sealed from, or opened into, the caller's
 * memory directly. A read that fails leaves no plaintext in the caller's array. A part that cannot be opened stays in
 * the queue, and the next call tries again. If a reader takes less than a part, the rest of it stays open for the next
 * reader; it is not sealed again.
 *
 * <p><b>Limits.</b> The queue grows with what is written and not yet read. A purge destroys its content: reading then
 * fails with {@link SecretClosedException}.
 *
 * <p><b>Threading.</b> Safe for use by several threads. Calls exclude each other, so the bytes of one call stay
 * together, except those of {@link #transferFrom}, which appends in several steps.
 *
 * <p><b>Ownership.</b> Whoever holds the stream closes it, which wipes what was not read. Closing its input stream or
 * its output stream has no effect.
 */
public final class EnclaveStream implements AutoCloseable {

    private static final int CHUNK = 4096;

    private final OutputStream output = new EnclaveOutputStream(this);
    private final InputStream input = new EnclaveInputStream(this);
    private final Vault vault;

    /** Guarded by this, as is everything below. */
    private final PartQueue queue;

    private boolean closed;

    EnclaveStream(Vault vault, int chunkSize) {
        EnclaveOptions.requireChunkSize(chunkSize);
        this.vault = vault;
        this.queue = new PartQueue(vault, chunkSize);
    }

    /**
     * Returns a stream that appends. It does not wipe the arrays that it is given.
     *
     * @return always the same stream
     */
    public OutputStream outputStream() {
        return output;
    }

    /**
     * Returns a stream that reads what was written, beginning with the first byte, and removes it from the queue. It
     * reports its end when nothing is left, and can be read on when more was written.
     *
     * @return always the same stream
     */
    public InputStream inputStream() {
        return input;
    }

    /**
     * Appends the bytes of an array. The array is wiped in every case.
     *
     * @param source bytes; zeros afterwards
     * @throws SecretClosedException if this stream is closed
     * @throws io.securememory.MemoryLimitException if memory cannot be locked and the policy requires it, or not be
     *     mapped; a part of the bytes may have been appended then, as {@link #size()} tells
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
     * Appends the remaining bytes of a buffer. They are wiped, unless the buffer is read-only. If the buffer is direct,
     * no byte comes to the heap.
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
     * Appends all bytes of another stream. They pass through one array on the heap, which is wiped in every case. The
     * {@link InputStream#transferTo} of most streams leaves such an array on the heap unwiped.
     *
     * @param source the stream, which is read to its end; the caller closes it. Other threads can use this queue
     *     meanwhile. Buffers of the source itself are not wiped
     * @return bytes that were appended
     * @throws IOException if the source cannot be read; what was read before stays appended
     * @throws SecretClosedException if this stream is closed, or if a purge or the close of the session happens during
     *     this call
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
                Bytes.wipe(chunk); // Before the next wait for the source.
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
     * Removes and returns the next part: the rest of the part that was read last, or else the next one that was
     * written.
     *
     * @return a frozen buffer, which the caller closes, or null if nothing is left
     * @throws io.securememory.DecryptionFailedException if the encrypted part was changed; it stays in the queue
     * @throws io.securememory.MemoryLimitException if the buffer cannot be locked and the policy requires it, or not be
     *     mapped; nothing is lost
     * @throws SecretClosedException if this stream is closed, or a purge destroyed the key of the part; it stays in the
     *     queue
     */
    public synchronized @Nullable LockedBuffer next() {
        requireOpen();
        StackProbe.touchForSeveral();
        return queue.next();
    }

    /**
     * Removes and returns everything that is left, in one buffer.
     *
     * @return a frozen buffer, which the caller closes, or null if nothing is left
     * @throws io.securememory.DecryptionFailedException if an encrypted part was changed; everything stays in the queue
     * @throws io.securememory.MemoryLimitException if the buffer cannot be locked and the policy requires it, or not be
     *     mapped; everything stays in the queue
     * @throws SecretClosedException if this stream is closed, or a purge destroyed the key of a part; everything stays
     *     in the queue
     * @throws SecretSourceException if more than 512 MiB are left; everything stays in the queue
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

    /** Reads up to {@code length} bytes. Returns how many were read, or -1 if nothing is left. */
    synchronized int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        requireOpen();
        StackProbe.touchForSeveral();
        return length == 0 ? 0 : queue.read(target, offset, length);
    }

    /**
     * Removes up to {@code count} bytes and returns how many. Whole sealed parts are removed unopened; only the last
     * part is opened, if a piece of it stays.
     */
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
