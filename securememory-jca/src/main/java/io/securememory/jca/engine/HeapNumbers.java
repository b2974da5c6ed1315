package io.securememory.jca.engine;

import io.securememory.SecretView;
import java.math.BigInteger;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Copies secret numbers to the heap, for a library that can compute nowhere else. */
final class HeapNumbers {

    private HeapNumbers() {}

    /** Returns bytes, which the caller wipes. */
    static byte[] bytes(SecretView view) {
        byte[] bytes = new byte[view.length()];
        view.copyTo(0, bytes, 0, bytes.length);
        return bytes;
    }

    /** Returns an unsigned number in the byte order of the machine. Nobody can wipe it. */
    static BigInteger number(SecretView view, int offset, int length) {
        byte[] magnitude = new byte[length];
        try {
            view.copyTo(offset, magnitude, 0, length);
            if (ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN) {
                reverse(magnitude);
            }
            return new BigInteger(1, magnitude);
        } finally {
            Arrays.fill(magnitude, (byte) 0);
        }
    }

    private static void reverse(byte[] bytes) {
        for (int low = 0, high = bytes.length - 1; low < high; low++, high--) {
            byte swapped = bytes[low];
            bytes[low] = bytes[high];
            bytes[high] = swapped;
        }
    }
}
