package io.securememory.jca.engine;

import io.securememory.libcrypto.KeyLibrary;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A constant text in native memory, ended by a zero. Not secret. It is freed when this object is unreachable: constants of
 * classes never are, and whoever makes another one keeps it for as long as native code has its address.
 */
final class CString {

    private final ByteBuffer bytes;

    /** 0 until it was asked for. */
    private volatile long address;

    /** @param text of ASCII characters */
    CString(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.US_ASCII);
        bytes = ByteBuffer.allocateDirect(encoded.length + 1).put(encoded).put((byte) 0);
    }

    /** Returns where the text is, which is the same for every library. */
    long at(KeyLibrary library) {
        long known = address;
        if (known == 0) {
            known = library.addressOf(bytes);
            address = known;
        }
        return known;
    }

    /** Returns the length without the zero. */
    int length() {
        return bytes.capacity() - 1;
    }
}
