package io.securememory.memguard;

import io.securememory.SecretView;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Read and write access to the bytes of one buffer, for as long as one action runs.
 *
 * <p>The guarantees, limits and threading of {@link SecretView} apply. No other reader or writer is inside meanwhile.
 * Once a purge has wiped the bytes during the action, every method that reads or writes them throws {@link
 * io.securememory.SecretClosedException}, and what it has written is wiped.
 */
public interface MutableView extends SecretView {

    /**
     * Sets one byte.
     *
     * @param index from 0 to {@code length() - 1}
     * @param value the byte
     * @throws IndexOutOfBoundsException if the index is outside the view
     * @throws IllegalStateException if the action has ended, or on another thread
     */
    void put(int index, byte value);

    /**
     * Sets two bytes from a number.
     *
     * @param index of the first byte, from 0 to {@code length() - 2}
     * @param value the number
     * @param order which of the bytes comes first
     * @throws IndexOutOfBoundsException if not all of the bytes are in the view; nothing is written then
     * @throws IllegalStateException if the action has ended, or on another thread
     */
    void putShort(int index, short value, ByteOrder order);

    /**
     * Sets four bytes from a number.
     *
     * @param index of the first byte, from 0 to {@code length() - 4}
     * @param value the number
     * @param order which of the bytes comes first
     * @throws IndexOutOfBoundsException if not all of the bytes are in the view; nothing is written then
     * @throws IllegalStateException if the action has ended, or on another thread
     */
    void putInt(int index, int value, ByteOrder order);

    /**
     * Sets eight bytes from a number.
     *
     * @param index of the first byte, from 0 to {@code length() - 8}
     * @param value the number
     * @param order which of the bytes comes first
     * @throws IndexOutOfBoundsException if not all of the bytes are in the view; nothing is written then
     * @throws IllegalStateException if the action has ended, or on another thread
     */
    void putLong(int index, long value, ByteOrder order);

    /**
     * Copies bytes from an array, which is not changed.
     *
     * @param offset first byte of this view
     * @param source array to read
     * @param sourceOffset first index of the array
     * @param length number of bytes
     * @throws IndexOutOfBoundsException if either range is out of bounds; nothing is copied then
     * @throws IllegalStateException if the action has ended, or on another thread
     */
    void copyFrom(int offset, byte[] source, int sourceOffset, int length);

    /**
     * Copies the remaining bytes of a buffer, whose position moves to its limit. If the buffer is direct, no byte comes
     * to the heap.
     *
     * @param offset first byte of this view
     * @param source buffer to read; its content is not changed
     * @throws IndexOutOfBoundsException if the bytes do not fit; nothing is copied then
     * @throws IllegalStateException if the action has ended, or on another thread
     */
    void copyFrom(int offset, ByteBuffer source);

    /**
     * Copies bytes of a buffer, whose position does not change. If the buffer is direct, no byte comes to the heap.
     *
     * @param offset first byte of this view
     * @param source buffer to read
     * @param sourceIndex first index of the buffer, counted from its start
     * @param length number of bytes
     * @throws IndexOutOfBoundsException if either range is out of bounds, the buffer's limit included; nothing is
     *     copied then
     * @throws IllegalStateException if the action has ended, or on another thread
     */
    void copyFrom(int offset, ByteBuffer source, int sourceIndex, int length);

    /**
     * Copies bytes from another view, from native memory to native memory.
     *
     * @param offset first byte of this view
     * @param source view to read
     * @param sourceOffset first byte of the source
     * @param length number of bytes
     * @throws IndexOutOfBoundsException if either range is out of bounds; nothing is copied then
     * @throws IllegalArgumentException if the source is not a view of this library
     * @throws IllegalStateException if either action has ended, or on another thread
     */
    void copyFrom(int offset, SecretView source, int sourceOffset, int length);

    @Override
    MutableView slice(int offset, int length);
}
