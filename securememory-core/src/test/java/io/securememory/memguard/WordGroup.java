package io.securememory.memguard;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;

/**
 * Words of four bytes that together are a key or as good as one, to be found in any order and at any distance. They are nowhere
 * themselves: native memory holds them XOR a pad, and the pad.
 *
 * <p>Threading: immutable once it is made.
 */
final class WordGroup {

    private final String name;
    private final int count;
    private final ByteBuffer masked;
    private final ByteBuffer pad;

    /** Takes words out of native memory, which the caller wipes. */
    WordGroup(String name, ByteBuffer source, int from, int count) {
        this.name = name;
        this.count = count;
        this.masked = ByteBuffer.allocateDirect(count * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        this.pad = ByteBuffer.allocateDirect(count * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        byte[] random = new byte[count * Integer.BYTES];
        new SecureRandom().nextBytes(random);
        pad.put(0, random);
        for (int i = 0; i < count; i++) {
            int at = i * Integer.BYTES;
            masked.putInt(at, source.getInt(from + at) ^ pad.getInt(at));
            VarHandle.acquireFence(); // One word at a time in a register.
        }
    }

    String name() {
        return name;
    }

    int count() {
        return count;
    }

    int masked(int word) {
        return masked.getInt(word * Integer.BYTES);
    }

    int pad(int word) {
        return pad.getInt(word * Integer.BYTES);
    }

    /** The low half of a word, by which most of memory is passed over. */
    int lowHalf(int word) {
        return (masked(word) ^ pad(word)) & 0xffff;
    }
}
