package io.securememory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.WritableByteChannel;

/**
 * Read access to the bytes of one secret, for as long as one action runs.
 *
 * <p><b>Guarantees.</b> Every call checks bounds, thread and liveness in software. A view that is used after its action
 * has ended, or by another thread, throws {@link IllegalStateException}; it never reads memory that is not its own and
 * never crashes the virtual machine. Once a purge has wiped the bytes under the action, every method but {@link #length()}
 * throws {@link SecretClosedException}: wiped bytes are never given as those of the secret, and what a failing copy has
 * written to its target is zeros again.
 *
 * <p><b>Limits.</b> What the caller copies out of a view is the caller's to wipe. Arrays on the heap may be moved by
 * the garbage collector before they are wiped. A buffer of {@link #asByteBuffer()} has no such check of its own.
 *
 * <p><b>Threading.</b> Confined to the thread that runs the action. Offsets and lengths are in bytes.
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
     * Returns two bytes as a number. They go through one register of the processor, of which an image may be left.
     *
     * @param index of the first byte, from 0 to {@code length() - 2}
     * @param order which of the bytes comes first
     * @return the number
     * @throws IndexOutOfBoundsException if not all of the bytes are in the view
     * @throws IllegalStateException if the action has ended, or on another thread
     * @throws SecretClosedException if a purge came while the action ran
     */
    short getShort(int index, ByteOrder order);

    /**
     * Returns four bytes as a number. They go through one register of the processor, of which an image may be left.
     *
     * @param index of the first byte, from 0 to {@code length() - 4}
     * @param order which of the bytes comes first
     * @return the number
     * @throws IndexOutOfBoundsException if not all of the bytes are in the view
     * @throws IllegalStateException if the action has ended, or on another thread
     * @throws SecretClosedException if a purge came while the action ran
     */
    int getInt(int index, ByteOrder order);

    /**
     * Returns eight bytes as a number. They go through one register of the processor, of which an image may be left.
     *
     * @param index of the first byte, from 0 to {@code length() - 8}
     * @param order which of the bytes comes first
     * @return the number
     * @throws IndexOutOfBoundsException if not all of the bytes are in the view
     * @throws IllegalStateException if the action has ended, or on another thread
     * @throws SecretClosedException if a purge came while the action ran
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
     * Copies bytes to a place in a buffer, whose position stays. Nothing comes to the heap if the buffer is direct.
     *
     * @param offset first byte of this view
     * @param target buffer to fill, which the caller wipes
     * @param targetIndex first index of the buffer, counted from its start
     * @param length number of bytes
     * @throws IndexOutOfBoundsException if either range is out of bounds, the buffer's limit included; nothing is copied then
     * @throws java.nio.ReadOnlyBufferException if the target is read-only
     * @throws IllegalStateException if the action has ended, or on another thread
     * @throws SecretClosedException if a purge came while the action ran
     */
    void copyTo(int offset, ByteBuffer target, int targetIndex, int length);

    /**
     * Returns a view of a part, which may be empty. It dies with this action, and checks what this one checks. No bytes are
     * copied.
     *
     * @param offset first byte of this view
     * @param length number of bytes
     * @return the view
     * @throws IndexOutOfBoundsException if the range is out of bounds
     * @throws IllegalStateException if the action has ended, or on another thread
     */
    SecretView slice(int offset, int length);

    /**
     * Returns the bytes as a direct, read-only buffer in big-endian order. It shows what the thread writes to the secret
     * later in the same action.
     *
     * <p>On Java 22 and later the buffer is the secret's own memory, bound to this action and thread: used afterwards
     * it throws {@link IllegalStateException}. Earlier it is a private copy in a guarded, locked window, which is wiped
     * when the action ends: used afterwards it reads as zeros, for as long as it is referenced. The copy of a short
     * secret shares its window with other copies: native code that is given the buffer's address must keep to its bounds.
     *
     * <p>Before Java 22 a buffer that is kept after the action keeps its window mapped, and so do all whose garbage has
     * not been collected: at 4,096 pages this method waits for the garbage collector, and asks it to run. Nothing else
     * of a view does.
     *
     * <p>Limits: a buffer cannot throw when a purge wipes it under the action. It reads as zeros from then on, until the
     * action ends, which throws. Before what was computed from it has an effect outside, read a byte of the view, which
     * throws if a purge came before; or use {@link #copyTo(int, byte[], int, int)}, which looks itself.
     *
     * @return a new buffer from position 0 to limit {@code length()}
     * @throws MemoryLimitException if no window can be locked (before Java 22)
     * @throws SecretClosedException if a purge has wiped the bytes
     * @throws IllegalStateException if the action has ended, or on another thread; or if 4,096 pages are kept (before Java 22)
     */
    ByteBuffer asByteBuffer();

    /**
     * Compares with an array in a time that depends on the two lengths only.
     *
     * @param other bytes to compare with
     * @return whether lengths and all bytes are equal
     * @throws SecretClosedException if a purge has wiped the bytes
     * @throws IllegalStateException if the action has ended, or on another thread
     */
    boolean contentEquals(byte[] other);

    /**
     * Writes all bytes to a channel in blocking mode. A file or socket channel takes them without a copy on the heap, and
     * from where they are. A channel of a class that is not Java's own gets a buffer as of {@link #asByteBuffer()}.
     *
     * <p>Limits: if a purge wipes the bytes while the channel takes them, it may get zeros in their place. Nothing more is
     * written then, and this method throws.
     *
     * @param channel where to write to
     * @return number of bytes written, always {@code length()}
     * @throws IOException if the channel fails or takes no bytes
     * @throws SecretClosedException if a purge has wiped the bytes, also while they were written
     * @throws MemoryLimitException as {@link #asByteBuffer()}, of a channel that is not Java's own
     * @throws IllegalStateException if the action has ended, or on another thread
     */
    int writeTo(WritableByteChannel channel) throws IOException;
}
