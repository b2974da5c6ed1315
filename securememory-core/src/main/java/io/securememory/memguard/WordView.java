package io.securememory.memguard;

import io.securememory.SecretClosedException;
import io.securememory.SecretView;
import io.securememory.memguard.internal.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import java.util.Objects;

/**
 * The methods that are the same for all views, once it is known where the bytes are: words, copies, and all writing.
 */
abstract class WordView implements MutableView {

    abstract RegionData memory();

    /**
     * Returns the offset in the region's data of bytes that are about to be read.
     *
     * @throws IndexOutOfBoundsException if they are not all in this view
     * @throws IllegalStateException if they may not be read now
     */
    abstract int toRead(int index, int count);

    /** Whether a purge has wiped the bytes. */
    abstract boolean isWiped();

    /**
     * Called after each read.
     *
     * @throws SecretClosedException if a purge may have wiped what was read
     */
    final void requireNotPurged() {
        if (isWiped()) {
            throw purged();
        }
    }

    static SecretClosedException purged() {
        return new SecretClosedException("The secret was purged while it was being used; the result is void.");
    }

    /**
     * Wipes bytes that were written to a region that a purge has wiped, or copied from one. Returns the exception to
     * throw.
     */
    final SecretClosedException takenBack(int at, int count) {
        memory().wipeData(at, count);
        return purged();
    }

    /**
     * Returns the offset in the region's data of bytes that are about to be written. Throws what {@link #toRead}
     * throws.
     */
    abstract int toWrite(int index, int count);

    /** Called after each write, with its offset in the region's data. */
    abstract void afterWrite(int at, int count);

    private static boolean isReversed(ByteOrder order) {
        return Objects.requireNonNull(order, "order") != ByteOrder.LITTLE_ENDIAN;
    }

    @Override
    public short getShort(int index, ByteOrder order) {
        boolean reversed = isReversed(order);
        short value = memory().getShort(toRead(index, Short.BYTES));
        requireNotPurged();
        return reversed ? Short.reverseBytes(value) : value;
    }

    @Override
    public int getInt(int index, ByteOrder order) {
        boolean reversed = isReversed(order);
        int value = memory().getInt(toRead(index, Integer.BYTES));
        requireNotPurged();
        return reversed ? Integer.reverseBytes(value) : value;
    }

    @Override
    public long getLong(int index, ByteOrder order) {
        boolean reversed = isReversed(order);
        long value = memory().getLong(toRead(index, Long.BYTES));
        requireNotPurged();
        return reversed ? Long.reverseBytes(value) : value;
    }

    @Override
    public void copyTo(int offset, ByteBuffer target, int targetIndex, int length) {
        int at = toRead(offset, length);
        Objects.checkFromIndexSize(targetIndex, length, target.limit());
        if (target.isReadOnly()) {
            throw new ReadOnlyBufferException();
        }
        memory().copyOut(at, target, targetIndex, length);
        if (isWiped()) {
            Bytes.wipe(target.slice(targetIndex, length));
            throw purged();
        }
    }

    @Override
    public final int copyTo(ByteBuffer target) {
        int count = Math.min(target.remaining(), length());
        copyTo(0, target, target.position(), count);
        target.position(target.position() + count);
        return count;
    }

    @Override
    public final void copyTo(int offset, byte[] target, int targetOffset, int length) {
        int at = toRead(offset, length);
        Objects.checkFromIndexSize(targetOffset, length, target.length);
        memory().copyOut(at, target, targetOffset, length);
        if (isWiped()) {
            Arrays.fill(target, targetOffset, targetOffset + length, (byte) 0);
            throw purged();
        }
    }

    @Override
    public final boolean contentEquals(byte[] other) {
        int at = toRead(0, length());
        boolean equal = other.length == length() && memory().contentEquals(at, other);
        requireNotPurged();
        return equal;
    }

    @Override
    public void put(int index, byte value) {
        int at = toWrite(index, 1);
        memory().put(at, value);
        afterWrite(at, 1);
    }

    @Override
    public void putShort(int index, short value, ByteOrder order) {
        boolean reversed = isReversed(order);
        int at = toWrite(index, Short.BYTES);
        memory().putShort(at, reversed ? Short.reverseBytes(value) : value);
        afterWrite(at, Short.BYTES);
    }

    @Override
    public void putInt(int index, int value, ByteOrder order) {
        boolean reversed = isReversed(order);
        int at = toWrite(index, Integer.BYTES);
        memory().putInt(at, reversed ? Integer.reverseBytes(value) : value);
        afterWrite(at, Integer.BYTES);
    }

    @Override
    public void putLong(int index, long value, ByteOrder order) {
        boolean reversed = isReversed(order);
        int at = toWrite(index, Long.BYTES);
        memory().putLong(at, reversed ? Long.reverseBytes(value) : value);
        afterWrite(at, Long.BYTES);
    }

    @Override
    public void copyFrom(int offset, byte[] source, int sourceOffset, int length) {
        int at = toWrite(offset, length);
        Objects.checkFromIndexSize(sourceOffset, length, source.length);
        memory().copyIn(at, source, sourceOffset, length);
        afterWrite(at, length);
    }

    @Override
    public void copyFrom(int offset, ByteBuffer source) {
        copyFrom(offset, source, source.position(), source.remaining());
        source.position(source.limit());
    }

    @Override
    public void copyFrom(int offset, ByteBuffer source, int sourceIndex, int length) {
        int at = toWrite(offset, length);
        Objects.checkFromIndexSize(sourceIndex, length, source.limit());
        memory().copyIn(at, source, sourceIndex, length);
        afterWrite(at, length);
    }

    @Override
    public void copyFrom(int offset, SecretView source, int sourceOffset, int length) {
        int at = toWrite(offset, length);
        if (!(source instanceof WordView other)) {
            throw new IllegalArgumentException("the source is not a view of this library");
        }
        memory().copyIn(at, other.memory(), other.toRead(sourceOffset, length), length);
        if (other.isWiped()) {
            throw takenBack(at, length);
        }
        afterWrite(at, length);
    }
}
