package io.securememory.memguard;

import io.securememory.SecretView;
import java.nio.ByteBuffer;

/**
 * Read and write access to the bytes of one buffer, for as long as one action runs.
 *
 * <p>Guarantees, limits and threading are those of {@link SecretView}. No other reader or writer is inside meanwhile. What
 * is written to bytes that a purge has wiped is wiped, too, and the method throws
 * {@link io.securememory.SecretClosedException}.
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
     * Copies bytes from an array, which stays as it is.
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
     * Copies the remaining bytes of a buffer, whose position moves to its limit. Nothing of a direct buffer comes to the
     * heap.
     *
     * @param offset first byte of this view
     * @param source buffer to read, which stays as it is otherwise
     * @throws IndexOutOfBoundsException if the bytes do not fit; nothing is copied then
     * @throws IllegalStateException if the action has ended, or on another thread
     */
    void copyFrom(int offset, ByteBuffer source);

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
}
