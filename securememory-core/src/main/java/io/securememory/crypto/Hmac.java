package io.securememory.crypto;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * HMAC in native memory: with libcrypto's digests, or with this library's own SHA-256. Nothing of the key, or of what
 * signs as well as the key, is anywhere else.
 *
 * <p><b>Threading.</b> Safe for use by several threads, each with memory of its own.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2104">RFC 2104</a>
 */
public final class Hmac {

    private Hmac() {}

    /**
     * Tells whether an HMAC can be computed here. Without a library there is SHA-256 only.
     *
     * @param function the hash function
     * @param library what the machine's library computes digests with, or null
     * @return true if {@link #compute} can be called
     */
    public static boolean isAvailable(HashFunction function, @Nullable LibDigests library) {
        return library != null || function == HashFunction.SHA_256;
    }

    /**
     * Tries a library with known answers, the second test case of RFC 4231.
     *
     * @param library what is tried
     * @return true if it computes what it should
     */
    public static boolean isRightWith(LibDigests library) {
        byte[] key = "Jefe".getBytes(StandardCharsets.US_ASCII);
        byte[] message = "what do ya want for nothing?".getBytes(StandardCharsets.US_ASCII);
        boolean right = true;
        for (HashFunction function : HashFunction.values()) {
            ByteBuffer memory = ByteBuffer.allocateDirect(workSize(library, function, message.length))
                    .order(ByteOrder.LITTLE_ENDIAN);
            ByteSource source = (offset, target, index, length) -> target.put(index, key, offset, length);
            byte[] signature = compute(library, function, memory, 0, source, key.length, message);
            right &= ByteBuffer.wrap(signature).getLong() == firstEightOfKnown(function);
        }
        return right;
    }

    private static long firstEightOfKnown(HashFunction function) {
        return switch (function) {
            case SHA_256 -> 0x5bdcc146bf60754eL;
            case SHA_384 -> 0xaf45d2e376484031L;
            case SHA_512 -> 0x164b7a7bfcf819e2L;
        };
    }

    /**
     * Returns how much memory an HMAC takes.
     *
     * @param library what the machine's library computes digests with, or null
     * @param function the hash function
     * @param length bytes of the message
     * @return bytes; never so many that a window needs more than one page for them
     */
    public static int workSize(@Nullable LibDigests library, HashFunction function, int length) {
        return library == null ? OwnHmac.WORK_SIZE : LibraryHmac.workSize(function, length);
    }

    /**
     * Computes an HMAC. The caller wipes the memory.
     *
     * @param library what the machine's library computes digests with, or null for this library's own code
     * @param function the hash function
     * @param memory locked native memory, little-endian
     * @param at first of {@link #workSize} bytes, which are zeros and which nothing else uses
     * @param key the key, which is copied to this memory in words of four bytes
     * @param keyLength bytes of the key
     * @param message the message, which is not secret; it is not changed
     * @return the HMAC, a new array
     * @throws IllegalArgumentException if this HMAC is not {@linkplain #isAvailable available}
     */
    @SuppressWarnings("checkstyle:ParameterNumber")
    public static byte[] compute(
            @Nullable LibDigests library,
            HashFunction function,
            ByteBuffer memory,
            int at,
            ByteSource key,
            int keyLength,
            byte[] message) {
        if (library != null) {
            return new LibraryHmac(library, function, memory, at, message.length).sign(key, keyLength, message);
        }
        if (!isAvailable(function, null)) {
            throw new IllegalArgumentException("without libcrypto 3, an HMAC can be computed with SHA-256 only");
        }
        return new OwnHmac(memory, at).sign(key, keyLength, message);
    }
}
