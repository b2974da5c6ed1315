package io.securememory.memguard;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * Sixteen bytes to look for, which are nowhere themselves: native memory holds them XOR a pad, and the pad.
 *
 * <p>Threading: immutable once it is filled.
 */
final class Needle {

    static final int SIZE = 16;

    private static final int HEX_BITS = 4;
    private static final int BASE64_BITS = 6;
    private static final String BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private final String name;
    private final ByteBuffer masked = ByteBuffer.allocateDirect(SIZE).order(ByteOrder.LITTLE_ENDIAN);
    private final ByteBuffer pad = ByteBuffer.allocateDirect(SIZE).order(ByteOrder.LITTLE_ENDIAN);

    private Needle(String name) {
        this.name = name;
    }

    /** A needle of random bytes. */
    static Needle random(String name) {
        Needle needle = new Needle(name);
        byte[] bytes = new byte[SIZE];
        MemGuard.scramble(bytes);
        needle.masked.put(0, bytes);
        MemGuard.scramble(bytes);
        needle.pad.put(0, bytes);
        return needle;
    }

    /** A needle of two words that are known. */
    static Needle of(String name, long first, long second) {
        Needle needle = random(name);
        needle.masked.putLong(0, first ^ needle.pad.getLong(0));
        needle.masked.putLong(Long.BYTES, second ^ needle.pad.getLong(Long.BYTES));
        return needle;
    }

    /** This needle as a hash function sees it: under a mask, and in words of four bytes whose order is the processor's. */
    Needle under(int mask, boolean words) {
        Needle other = random(name + "-under-" + Integer.toHexString(mask) + (words ? "-in-words" : ""));
        for (int i = 0; i < SIZE; i++) {
            int place = words ? i ^ 3 : i;
            other.masked.put(place, (byte) (byteAt(i) ^ mask ^ other.pad.get(place)));
        }
        return other;
    }

    /**
     * This needle, repeated, as text that stands for bytes: hexadecimal in both cases, Base64 at each of its three alignments, and
     * Latin-1 in words of UTF-16, as a String or a char array has it.
     */
    List<Needle> spelled() {
        List<Needle> spelled = new ArrayList<>();
        for (String digits : List.of("0123456789abcdef", "0123456789ABCDEF")) {
            spelled.add(as("hex-" + digits.charAt(10), i -> digits.charAt(bits(i * HEX_BITS, HEX_BITS))));
        }
        for (int from = 0; from < 3; from++) {
            int skipped = from * Byte.SIZE;
            spelled.add(as("base64-" + from, i -> BASE64.charAt(bits(skipped + i * BASE64_BITS, BASE64_BITS))));
        }
        spelled.add(as("utf16", i -> i % 2 == 0 ? byteAt(i / 2) : 0));
        return spelled;
    }

    private Needle as(String form, IntUnaryOperator charAt) {
        Needle other = random(name + "-" + form);
        for (int i = 0; i < SIZE; i++) {
            other.masked.put(i, (byte) (charAt.applyAsInt(i) ^ other.pad.get(i)));
            VarHandle.acquireFence();
        }
        return other;
    }

    /** Up to eight bits of the needle, which begins again at its end. */
    private int bits(int from, int count) {
        int two = (byteAt(from / Byte.SIZE % SIZE) & 0xFF) << Byte.SIZE | byteAt((from / Byte.SIZE + 1) % SIZE) & 0xFF;
        return two >>> (2 * Byte.SIZE - from % Byte.SIZE - count) & ((1 << count) - 1);
    }

    String name() {
        return name;
    }

    /** With a fence, so that no caller's loop becomes one of vectors, which would hold the needle in a register. */
    byte byteAt(int index) {
        VarHandle.acquireFence();
        return (byte) (masked.get(index) ^ pad.get(index));
    }

    long firstMasked() {
        return masked.getLong(0);
    }

    long firstPad() {
        return pad.getLong(0);
    }

    /** Whether two words are the needle. They are compared in their masked form. */
    boolean matches(long first, long second) {
        return (first ^ pad.getLong(0)) == masked.getLong(0)
                && (second ^ pad.getLong(Long.BYTES)) == masked.getLong(Long.BYTES);
    }

    /** Whether a view begins with the needle. */
    boolean isAtTheStartOf(io.securememory.SecretView view) {
        boolean same = true;
        for (int i = 0; i < SIZE; i++) {
            same &= view.get(i) == byteAt(i);
        }
        return same;
    }

    /** Writes the masked form, for another process to look for the needle. */
    void writeTo(Path directory) throws IOException {
        byte[] both = new byte[2 * SIZE];
        masked.get(0, both, 0, SIZE);
        pad.get(0, both, SIZE, SIZE);
        Files.write(directory.resolve(name + ".needle"), both);
    }

    static Needle readFrom(Path file) throws IOException {
        Needle needle = new Needle(file.getFileName().toString().replace(".needle", ""));
        byte[] both = Files.readAllBytes(file);
        needle.masked.put(0, both, 0, SIZE);
        needle.pad.put(0, both, SIZE, SIZE);
        return needle;
    }
}
