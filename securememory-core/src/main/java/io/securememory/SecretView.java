package io.securememory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/**
 * Read access to the bytes of one secret, for as long as one action runs.
 *
 * <p><b>Guarantees.</b> Every call checks bounds, thread and state. A view that is used after its action has ended, or
 * by another thread, throws {@link IllegalStateException}; it never reads other memory and never crashes the JVM. Once
 * a purge has wiped the bytes during the action, every method that reads them throws {@link SecretClosedException}:
 * wiped bytes are never returned as bytes of the secret. A copy that fails for that reason leaves zeros in the range
 * that it was to fill.
 *
 * <p><b>Limits.</b> The caller wipes what it copies out of a view. The garbage collector may move an array on the heap
 * before it is wiped. A buffer of {@link #asByteBuffer()} does not check for a purge.
 *
 * <p><b>Threading.</b> Confined to the thread that runs the action.
 *
 * <p>Offsets and lengths are in bytes.
 */
public interface SecretView {

    /**
     * Returns the number of bytes.
     *
     * @return length in bytes, at least 1, except that a slice may be empty
     */
    int length();

    /**
     * Returns one byte.
     *
     * @param index from 0 to {@code length() - 1}
     * @return the byte
     * @throws IndexOutOfBoundsException if the index is outside the view
     * @throws SecretClosedException if a purge has wiped the bytes
     * @throws IllegalStateException if the action has ended, or on another thread
     */
    byte get(int index);

    /**
     * Returns two bytes as a number. They pass through a register of the processor, of which a copy may be left in
     * memory.
     *
     * @param index of the first byte, from 0 to {@code length() - 2}
     * @param order which of the bytes comes first
     * @return the number
     * @throws IndexOutOfBoundsException if not all of the bytes are in the view
     * @throws IllegalStateException if the action has ended, or on another thread
     * @throws SecretClosedException if a purge has wiped the bytes
     */
    short getShort(int index, ByteOrder order);

    /**
     * Returns four bytes as a number. They pass through a register of the processor, of which a copy may be left in
     * memory.
     *
     * @param index of the first byte, from 0 to {@code length() - 4}
     * @param order which of the bytes comes first
     * @return the number
     * @throws IndexOutOfBoundsException if not all of the bytes are in the view
     * @throws IllegalStateException if the action has ended, or on another thread
     * @throws SecretClosedException if a purge has wiped the bytes
     */
    int getInt(int index, ByteOrder order);

    /**
     * Returns eight bytes as a number. They pass through a register of the processor, of which a copy may be left in
     * memory.
     *
     * @param index of the first byte, from 0 to {@code length() - 8}
     * @param order which of the bytes comes first
     * @return the number
     * @throws IndexOutOfBoundsException if not all of the bytes are in the view
     * @throws IllegalStateException if the action has ended, or on another thread
     * @throws SecretClosedException if a purge has wiped the bytes
     */
    long getLong(int index, ByteOrder order);

    /**
     * Copies bytes to an array, which the caller wipes.
     *
     * @param offset first byte of this view
     * @param target array to fill
     * @param targetOffset first index of the array
     * @param length number of bytes
     * @throws IndexOutOfBoundsException if either range is out of bounds; nothing is copied then
     * @throws SecretClosedException if a purge has wiped the bytes
     * @throws IllegalStateException if the action has ended, or on another thread
     */
    void copyTo(int offset, byte[] target, int targetOffset, int length);

    /**
     * Copies as many bytes from the start of this view as fit between position and limit of a buffer, and advances the
     * buffer's position.
     *
     * @param target buffer to fill, which the caller wipes
     * @return number of bytes copied, from 0 to {@code length()}
     * @throws java.nio.ReadOnlyBufferException if the target is read-only
     * @throws SecretClosedException if a purge has wiped the bytes
     * @throws IllegalStateException if the action has ended, or on another thread
     */
    int copyTo(ByteBuffer target);

    /**
     * Copies bytes into a buffer at a given index. The buffer's position does not change. If the buffer is direct, no
     * byte comes to the heap.
     *
     * @param offset first byte of this view
     * @param target buffer to fill, which the caller wipes
     * @param targetIndex first index of the buffer, counted from its start
     * @param length number of bytes
     * @throws IndexOutOfBoundsException if either range is out of bounds, the buffer's limit included; nothing is
     *     copied then
     * @throws java.nio.ReadOnlyBufferException if the target is read-only
     * @throws IllegalStateException if the action has ended, or on another thread
     * @throws SecretClosedException if a purge has wiped the bytes
     */
    void copyTo(int offset, ByteBuffer target, int targetIndex, int length);

    /**
     * Returns a view of a part of this view, without copying bytes. The part may be empty. It is valid for as long as
     * this view is, and makes the same checks.
     *
     * @param offset first byte of this view
     * @param length number of bytes
     * @return the view
     * @throws IndexOutOfBoundsException if the range is out of bounds
     * @throws IllegalStateException if the action has ended, or on another thread
     */
    SecretView slice(int offset, int length);

    /**
     * Returns the bytes as a direct, read-only buffer in big-endian order. If the thread writes to the secret later in
     * the same action, the buffer shows that.
     *
     * <p>On Java 22 and later the buffer is over the secret's own memory and bound to this action and thread: used
     * afterwards it throws {@link IllegalStateException}. On Java 17 to 21 it is over a lent copy in guarded, locked
     * pages, which is wiped when the action ends: used afterwards it reads as zeros, for as long as it is referenced.
     * Lent copies of short secrets share pages: native code that gets the address of the buffer must not write or read
     * outside the buffer's bounds.
     *
     * <p>On Java 17 to 21, a buffer that is kept after the action keeps its pages mapped until the garbage collector
     * has collected it. At most 4,096 pages can be mapped for lent copies. When they are used up, this method waits for
     * the garbage collector and asks it to run. No other method of a view does that, except {@link #writeTo} to a
     * channel of a class that is not Java's own.
     *
     * <p><b>Limits.</b> A buffer cannot throw when a purge wipes the secret during the action. It reads as zeros from
     * then on, until the action ends with an exception. Before a result that was computed from the buffer leaves the
     * action, read a byte of the view, which throws if there was a purge; or use {@link #copyTo(int, byte[], int,
     * int)}, which checks by itself.
     *
     * @return a new buffer from position 0 to limit {@code length()}
     * @throws MemoryLimitException if no pages for a lent copy can be locked or mapped (Java 17 to 21)
     * @throws SecretClosedException if a purge has wiped the bytes
     * @throws IllegalStateException if the action has ended, or on another thread; or if the pages for lent copies are
     *     used up and not collected in time (Java 17 to 21)
     */
    ByteBuffer asByteBuffer();

    /**
     * Compares with an array. The time taken depends on the two lengths only, not on the bytes.
     *
     * @param other bytes to compare with
     * @return true if the lengths and all bytes are equal
     * @throws SecretClosedException if a purge has wiped the bytes
     * @throws IllegalStateException if the action has ended, or on another thread
     */
    boolean contentEquals(byte[] other);

    /**
     * Writes all bytes to a channel in blocking mode. A file or socket channel of the JDK takes them straight from
     * native memory, without a copy on the heap. A channel of any other class gets a buffer as {@link #asByteBuffer()}
     * returns it.
     *
     * <p><b>Limits.</b> If a purge wipes the bytes while the channel takes them, the channel may get zeros instead.
     * Nothing more is written then, and this method throws.
     *
     * @param channel where to write to
     * @return number of bytes written, always {@code length()}
     * @throws IOException if the channel fails or takes no bytes
     * @throws SecretClosedException if a purge has wiped the bytes, before or while they were written
     * @throws MemoryLimitException as {@link #asByteBuffer()}, if the class of the channel is not Java's own
     * @throws IllegalStateException if the action has ended, or on another thread
     */
    int writeTo(WritableByteChannel channel) throws IOException;
}
