package io.securememory;

import io.securememory.crypto.HashFunction;
import io.securememory.crypto.Hmac;
import io.securememory.crypto.LibCrypto;
import io.securememory.crypto.LibDigests;
import io.securememory.crypto.Sha256;
import io.securememory.crypto.StackProbe;
import io.securememory.memguard.MemGuard;
import io.securememory.memguard.internal.ComputingView;
import java.util.Objects;

/**
 * Signs and verifies with HMAC-SHA256, with a secret as the key. The key never comes to the heap.
 *
 * <p><b>Guarantees.</b> The key is read word by word from native memory. The digests are computed in guarded, locked
 * native memory of the key's session, which is wiped after each use: for a sealed key in the window that it is opened
 * into. What the computation leaves on the stack and in registers is overwritten. The time that verification takes does
 * not depend on how many bytes of a signature are right.
 *
 * <p><b>OpenSSL.</b> The digests are computed by OpenSSL's libcrypto, if the machine has version 3, also in that memory:
 * libcrypto allocates none. It is loaded by the first signature of a session at the latest, unless {@link
 * io.securememory.memguard.EnclaveOptions#withLibcrypto} turns it off. Without it, this library's own code computes the
 * same signatures in several times as much time.
 *
 * <p><b>Limits.</b> The message and the signature are on the heap and are not wiped.
 *
 * <p><b>Threading.</b> Safe for use by several threads, which compute at the same time.
 *
 * <p>Source: RFC 2104, FIPS 180-4; checked against RFC 4231 and the JDK.
 */
public final class HmacSha256 {

    /** Length of a signature in bytes. */
    public static final int LENGTH = Sha256.DIGEST_SIZE;

    private final Secret key;

    /**
     * Creates a signer.
     *
     * @param key the key, of any length; the caller closes it
     */
    public HmacSha256(Secret key) {
        this.key = Objects.requireNonNull(key, "key");
    }

    /**
     * Signs a message.
     *
     * @param message the message; it is not changed
     * @return a new array of {@link #LENGTH} bytes
     * @throws SecretClosedException if the key is closed, or was purged during this call
     * @throws MemoryLimitException if no guarded memory to compute in can be locked or mapped
     * @throws IllegalArgumentException if the key is not a secret of this library
     */
    public byte[] sign(byte[] message) {
        Objects.requireNonNull(message, "message");
        StackProbe.touchForSeveral();
        return key.withBytes(view -> {
            if (view instanceof ComputingView computing) {
                return sign(computing, message);
            }
            throw new IllegalArgumentException(
                    "the key is not a secret of this library, which makes guarded memory for it;"
                            + " make one with a SecretFactory");
        });
    }

    private static byte[] sign(ComputingView key, byte[] message) {
        LibCrypto library = key.library();
        LibDigests digests = library == null ? null : library.digests();
        int size = Hmac.workSize(digests, HashFunction.SHA_256, message.length);
        return key.compute(
                size,
                (memory, at) ->
                        Hmac.compute(digests, HashFunction.SHA_256, memory, at, key::copyTo, key.length(), message));
    }

    /**
     * Verifies a signature in a time that does not depend on how many of its bytes are right.
     *
     * @param message the message
     * @param signature the signature to check, of any length
     * @return true if this is the signature of the message
     * @throws SecretClosedException if the key is closed, or was purged during this call
     */
    public boolean verify(byte[] message, byte[] signature) {
        Objects.requireNonNull(signature, "signature");
        return MemGuard.constantTimeEquals(sign(message), signature);
    }
}
