package io.securememory.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Key stream that has been computed, and what it is for.
 *
 * <p>What is in a register is saved on the stack when the virtual machine stops the thread. So each word goes through the
 * same register as the one before, see {@link WordLoop}, and has four bytes, see {@link TracelessCopy}. The ciphertext is
 * put in the place of the plaintext first and changed there, which takes one instruction where a processor has such.
 */
interface KeyStream {

    /** Little-endian words of an array. */
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
     * @param start from which byte of the key stream on, a multiple of eight
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

    /** Encrypts an array into another one; as above. */
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

    /** Decrypts an array into native memory; as above. */
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

    /** Decrypts an array into another one; as above. */
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
