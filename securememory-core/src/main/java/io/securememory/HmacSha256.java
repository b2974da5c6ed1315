package io.securememory;

import io.securememory.crypto.Sha256;
import io.securememory.crypto.StackProbe;
import io.securememory.memguard.MemGuard;
import io.securememory.memguard.internal.ComputingView;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * Signs and verifies with HMAC-SHA256, with a secret as the key. The key never comes to the heap.
 *
 * <p><b>Guarantees.</b> The key is read byte by byte from native memory. The digests are computed in guarded, locked
 * native memory of the key's session, which is wiped after each use. The time that verification takes does not depend
 * on how many bytes of a signature are right.
 *
 * <p><b>Threading.</b> Safe for use by several threads, which compute at the same time.
 *
 * <p>Source: RFC 2104, FIPS 180-4; checked against RFC 4231 and the JDK.
 */
public final class HmacSha256 {

    /** Length of a signature in bytes. */
    public static final int LENGTH = Sha256.DIGEST_SIZE;

    private static final byte[] INNER = filled(0x36);
    private static final byte[] OUTER = filled(0x5c);

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
                return computing.compute(Engine.SIZE, (memory, at) -> new Engine(memory, at).sign(view, message));
            }
            throw new IllegalArgumentException(
                    "the key is not a secret of this library, which makes guarded memory for it;"
                            + " make one with a SecretFactory");
        });
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

    private static byte[] filled(int value) {
        byte[] block = new byte[Sha256.BLOCK_SIZE];
        Arrays.fill(block, (byte) value);
        return block;
    }

    /** The three digests of one computation, one behind the other in memory. */
    private static final class Engine {

        static final int SIZE = 3 * Sha256.WORK_SIZE;

        private final Sha256 longKey;
        private final Sha256 inner;
        private final Sha256 outer;

        Engine(ByteBuffer memory, int at) {
            longKey = new Sha256(memory, at);
            inner = new Sha256(memory, at + Sha256.WORK_SIZE);
            outer = new Sha256(memory, at + 2 * Sha256.WORK_SIZE);
        }

        byte[] sign(SecretView key, byte[] message) {
            boolean hashed = key.length() > Sha256.BLOCK_SIZE;
            if (hashed) {
                for (int i = 0; i < key.length(); i++) {
                    longKey.update(key.get(i));
                }
                longKey.finish();
            }
            pad(key, hashed, INNER, inner);
            inner.update(message, 0, message.length);
            inner.finish();
            pad(key, hashed, OUTER, outer);
            outer.update(inner);
            outer.finish();
            byte[] signature = new byte[LENGTH];
            for (int i = 0; i < LENGTH; i++) {
                signature[i] = outer.get(i);
            }
            return signature;
        }

        private void pad(SecretView key, boolean hashed, byte[] mask, Sha256 target) {
            int length = hashed ? LENGTH : key.length();
            for (int i = 0; i < length; i++) {
                target.update((byte) ((hashed ? longKey.get(i) : key.get(i)) ^ mask[i]));
            }
            target.update(mask, length, mask.length);
        }
    }
}
