package io.securememory.crypto;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * Copies bytes of secrets, and leaves no more than four that lie side by side in the registers of the processor.
 *
 * <p>A bulk copy goes through vector registers, which keep its bytes until something else needs them. If the virtual
 * machine stops the thread meanwhile, to leave compiled code or for its collector, it saves all registers on the stack
 * of the thread, whether they are in use or not, and there they stay for as long as nothing else reaches that depth. So
 * copies go word by word. A word has four bytes and a register eight: of words in two registers, or in two places of
 * eight bytes on a stack, the first is followed by zeros and not by the second.
 */
public final class TracelessCopy {

    /** Addresses are compared modulo a gigabyte, the most there is: overlap is recognized of copies that are shorter. */
    private static final int COMPARED = 1 << 30;

    private TracelessCopy() {}

    /**
     * Copies bytes. The buffers' positions stay. Source and target may overlap if they are native memory and shorter than a
     * gigabyte.
     *
     * @param source where the bytes are
     * @param from index of the first byte
     * @param target where the bytes go
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
     * Copies bytes of an array: as above.
     *
     * @param source where the bytes are
     * @param from index of the first byte
     * @param target where the bytes go
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
     * Copies bytes to an array: as above.
     *
     * @param source where the bytes are
     * @param from index of the first byte
     * @param target where the bytes go
     * @param to index of the first byte
     * @param length how many bytes
     * @throws IndexOutOfBoundsException if source or target has fewer bytes
     */
    public static void copy(ByteBuffer source, int from, byte[] target, int to, int length) {
        Objects.checkFromIndexSize(from, length, source.limit());
        Objects.checkFromIndexSize(to, length, target.length);
        copyOut(source, from, target, to, length);
    }

    /** Of arrays apart from buffers, so that it is known when the loop is compiled what a word is read from or goes to. */
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

    /** As above. */
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

    /** One word at a time, see {@link WordLoop}. */
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

    /** As above. */
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
