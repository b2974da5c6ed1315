package io.securememory.crypto;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Copies bytes of secrets. Leaves no more than four adjacent bytes in the registers of the processor.
 *
 * <p>A bulk copy uses vector registers, which keep the bytes until they are used for something else. If the JVM stops
 * the thread meanwhile, to leave compiled code or for the garbage collector, it saves all registers on the stack of the
 * thread, used or not. They stay there until something else reaches that depth. So copies are made word by word. A word
 * has four bytes and a register has eight: if two words are in two registers, or in two places of eight bytes on a
 * stack, the first one is followed by zeros and not by the second one.
 */
public final class TracelessCopy {

    /** Addresses are compared modulo a gigabyte. So overlap is recognized for copies that are shorter than that. */
    private static final int COMPARED = 1 << 30;

    private TracelessCopy() {}

    /**
     * Copies bytes from buffer to buffer. Positions do not change. Source and target may overlap if both are native
     * memory and the copy is shorter than a gigabyte.
     *
     * @param source holds the bytes
     * @param from index of the first byte
     * @param target gets the bytes
     * @param to index of the first byte
     * @param length how many bytes
     * @throws IndexOutOfBoundsException if source or target has fewer bytes
     */
    public static void copy(ByteBuffer source, int from, ByteBuffer target, int to, int length) {
        Objects.checkFromIndexSize(from, length, source.limit());
        Objects.checkFromIndexSize(to, length, target.limit());
        if (source.hasArray()) {
            copyIn(source.array(), source.arrayOffset() + from, target, to, length);
        } else if (target.hasArray()) {
            copyOut(source, from, target.array(), target.arrayOffset() + to, length);
        } else if (isWithin(source, from, target, to, length)) {
            copyBackwards(source, from, target, to, length);
        } else {
            copyForwards(source, from, target, to, length);
        }
    }

    /**
     * Copies bytes from an array to a buffer, whose position does not change.
     *
     * @param source holds the bytes
     * @param from index of the first byte
     * @param target gets the bytes
     * @param to index of the first byte
     * @param length how many bytes
     * @throws IndexOutOfBoundsException if source or target has fewer bytes
     */
    public static void copy(byte[] source, int from, ByteBuffer target, int to, int length) {
        Objects.checkFromIndexSize(from, length, source.length);
        Objects.checkFromIndexSize(to, length, target.limit());
        copyIn(source, from, target, to, length);
    }

    /**
     * Copies bytes from a buffer, whose position does not change, to an array.
     *
     * @param source holds the bytes
     * @param from index of the first byte
     * @param target gets the bytes
     * @param to index of the first byte
     * @param length how many bytes
     * @throws IndexOutOfBoundsException if source or target has fewer bytes
     */
    public static void copy(ByteBuffer source, int from, byte[] target, int to, int length) {
        Objects.checkFromIndexSize(from, length, source.limit());
        Objects.checkFromIndexSize(to, length, target.length);
        copyOut(source, from, target, to, length);
    }

    /** Copies from an array. Separate from other copies, so that the compiler knows what the loop reads and writes. */
    private static void copyIn(byte[] source, int from, ByteBuffer target, int to, int length) {
        boolean reversed = target.order() != ByteOrder.LITTLE_ENDIAN;
        int words = length & -Integer.BYTES;
        int step = WordLoop.step(Integer.BYTES);
        for (int i = 0; i < words; i += step) {
            int word = (int) WordLoop.INTS.get(source, from + i);
            target.putInt(to + i, reversed ? Integer.reverseBytes(word) : word);
        }
        for (int i = words; i < length; i++) {
            target.put(to + i, source[from + i]);
        }
    }

    /** Copies to an array. Separate from other copies for the same reason as {@link #copyIn}. */
    private static void copyOut(ByteBuffer source, int from, byte[] target, int to, int length) {
        boolean reversed = source.order() != ByteOrder.LITTLE_ENDIAN;
        int words = length & -Integer.BYTES;
        int step = WordLoop.step(Integer.BYTES);
        for (int i = 0; i < words; i += step) {
            int word = source.getInt(from + i);
            WordLoop.INTS.set(target, to + i, reversed ? Integer.reverseBytes(word) : word);
        }
        for (int i = words; i < length; i++) {
            target[to + i] = source.get(from + i);
        }
    }

    /** Whether the target begins within the source. */
    private static boolean isWithin(ByteBuffer source, int from, ByteBuffer target, int to, int length) {
        if (!source.isDirect() || !target.isDirect()) {
            return false;
        }
        int distance = target.alignmentOffset(to, COMPARED) - source.alignmentOffset(from, COMPARED);
        return Math.floorMod(distance, COMPARED) < length;
    }

    /** Copies from the first word to the last, one word at a time, see {@link WordLoop}. */
    private static void copyForwards(ByteBuffer source, int from, ByteBuffer target, int to, int length) {
        boolean reversed = source.order() != target.order();
        int words = length & -Integer.BYTES;
        int step = WordLoop.step(Integer.BYTES);
        for (int i = 0; i < words; i += step) {
            int word = source.getInt(from + i);
            target.putInt(to + i, reversed ? Integer.reverseBytes(word) : word);
        }
        for (int i = words; i < length; i++) {
            target.put(to + i, source.get(from + i));
        }
    }

    /** Copies from the last word to the first, one word at a time, see {@link WordLoop}. */
    private static void copyBackwards(ByteBuffer source, int from, ByteBuffer target, int to, int length) {
        boolean reversed = source.order() != target.order();
        int words = length & -Integer.BYTES;
        int step = WordLoop.step(Integer.BYTES);
        for (int i = length - 1; i >= words; i--) {
            target.put(to + i, source.get(from + i));
        }
        for (int i = words - step; i >= 0; i -= step) {
            int word = source.getInt(from + i);
            target.putInt(to + i, reversed ? Integer.reverseBytes(word) : word);
        }
    }
}
