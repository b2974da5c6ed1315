package io.securememory.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A computed key stream, and encryption and decryption with it.
 *
 * <p>The JVM saves the registers on the stack when it stops the thread. So each word goes through the same register as
 * the word before, see {@link WordLoop}, and has four bytes, see {@link TracelessCopy}. Decryption first copies the
 * ciphertext to the place of the plaintext and changes it there, which takes one instruction on some processors.
 */
interface KeyStream {

    /** Little-endian words of eight bytes in an array. */
    VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /**
     * Returns eight bytes as a little-endian word.
     *
     * @param offset from the start, a multiple of eight
     */
    long wordAt(int offset);

    /**
     * Encrypts native memory into an array.
     *
     * @param start first byte of the key stream to use, a multiple of eight
     */
    default void encrypt(int start, ByteBuffer plain, int from, byte[] target, int to, int length) {
        int words = length & -Long.BYTES;
        int step = WordLoop.step(Long.BYTES);
        for (int i = 0; i < words; i += step) {
            long word = wordAt(start + i);
            int second = i + Integer.BYTES;
            WordLoop.INTS.set(target, to + i, plain.getInt(from + i) ^ (int) word);
            WordLoop.INTS.set(target, to + second, plain.getInt(from + second) ^ (int) (word >>> Integer.SIZE));
        }
        for (int i = words; i < length; i++) {
            target[to + i] = (byte) (plain.get(from + i) ^ byteAt(start + i));
        }
    }

    /** Encrypts bytes of an array into another array. The parameters are those of the other {@code encrypt}. */
    default void encrypt(int start, byte[] plain, int from, byte[] target, int to, int length) {
        int words = length & -Long.BYTES;
        int step = WordLoop.step(Long.BYTES);
        for (int i = 0; i < words; i += step) {
            long word = wordAt(start + i);
            int second = i + Integer.BYTES;
            WordLoop.INTS.set(target, to + i, (int) WordLoop.INTS.get(plain, from + i) ^ (int) word);
            int high = (int) (word >>> Integer.SIZE);
            WordLoop.INTS.set(target, to + second, (int) WordLoop.INTS.get(plain, from + second) ^ high);
        }
        for (int i = words; i < length; i++) {
            target[to + i] = (byte) (plain[from + i] ^ byteAt(start + i));
        }
    }

    /** Decrypts bytes of an array into native memory. The parameters correspond to those of {@code encrypt}. */
    default void decrypt(int start, byte[] source, int from, ByteBuffer plain, int to, int length) {
        plain.put(to, source, from, length);
        int words = length & -Long.BYTES;
        int step = WordLoop.step(Long.BYTES);
        for (int i = 0; i < words; i += step) {
            long word = wordAt(start + i);
            int second = to + i + Integer.BYTES;
            plain.putInt(to + i, plain.getInt(to + i) ^ (int) word);
            plain.putInt(second, plain.getInt(second) ^ (int) (word >>> Integer.SIZE));
        }
        for (int i = words; i < length; i++) {
            plain.put(to + i, (byte) (plain.get(to + i) ^ byteAt(start + i)));
        }
    }

    /** Decrypts bytes of an array into another array. The parameters correspond to those of {@code encrypt}. */
    default void decrypt(int start, byte[] source, int from, byte[] plain, int to, int length) {
        System.arraycopy(source, from, plain, to, length);
        int words = length & -Long.BYTES;
        int step = WordLoop.step(Long.BYTES);
        for (int i = 0; i < words; i += step) {
            long word = wordAt(start + i);
            int second = to + i + Integer.BYTES;
            WordLoop.INTS.set(plain, to + i, (int) WordLoop.INTS.get(plain, to + i) ^ (int) word);
            int high = (int) (word >>> Integer.SIZE);
            WordLoop.INTS.set(plain, second, (int) WordLoop.INTS.get(plain, second) ^ high);
        }
        for (int i = words; i < length; i++) {
            plain[to + i] ^= (byte) byteAt(start + i);
        }
    }

    private long byteAt(int offset) {
        return wordAt(offset & -Long.BYTES) >>> (offset % Long.BYTES * Byte.SIZE);
    }
}
