package io.securememory;

import io.securememory.memguard.MemGuard;
import io.securememory.memguard.internal.StackProbe;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.bouncycastle.crypto.digests.SHA256Digest;

/**
 * Signs and verifies with HMAC-SHA256 under a secret, without the key resting on the heap.
 *
 * <p><b>Guarantees.</b> The key is read byte by byte from native memory into a digest that lives as long as this object and
 * is wiped after each use. No array on the heap ever holds the key. Verification takes a time that does not depend on how
 * much of a signature is right.
 *
 * <p><b>Limits.</b> While a signature is being computed, the digest's block holds the key masked with a constant.
 *
 * <p><b>Threading.</b> Safe for use by several threads, which do not wait for each other.
 *
 * <p>Source: RFC 2104, FIPS 180-4; the digest is BouncyCastle's.
 */
public final class HmacSha256 {

    /** Length of a signature in bytes. */
    public static final int LENGTH = 32;

    private static final int BLOCK = 64;
    private static final int INNER = 0x36;
    private static final int OUTER = 0x5c;

    private final Secret key;
    private final ConcurrentLinkedQueue<Engine> idle = new ConcurrentLinkedQueue<>();

    /**
     * Creates a signer.
     *
     * @param key the key of any length, which stays the caller's to close
     */
    public HmacSha256(Secret key) {
        this.key = Objects.requireNonNull(key, "key");
        idle.add(new Engine());
    }

    /**
     * Signs a message.
     *
     * @param message the message, which stays as it is
     * @return a new array of {@link #LENGTH} bytes
     * @throws SecretClosedException if the key is closed, or was purged meanwhile
     */
    public byte[] sign(byte[] message) {
        Objects.requireNonNull(message, "message");
        Engine polled = idle.poll();
        Engine engine = polled != null ? polled : new Engine();
        try {
            return key.withBytes(view -> engine.sign(view, message));
        } finally {
            engine.wipe();
            idle.add(engine);
        }
    }

    /**
     * Verifies a signature in constant time.
     *
     * @param message the message
     * @param signature what to compare with; of any length
     * @return whether the signature is the message's
     * @throws SecretClosedException if the key is closed, or was purged meanwhile
     */
    public boolean verify(byte[] message, byte[] signature) {
        Objects.requireNonNull(signature, "signature");
        return MemGuard.constantTimeEquals(sign(message), signature);
    }

    /** A digest and a block of working space, used by one thread at a time and wiped after each use. */
    private static final class Engine {
        private final SHA256Digest digest = new SHA256Digest();
        private final byte[] hash = new byte[LENGTH];
        private final byte[] hashedKey = new byte[LENGTH];

        byte[] sign(SecretView key, byte[] message) {
            boolean hashed = key.length() > BLOCK;
            if (hashed) {
                for (int i = 0; i < key.length(); i++) {
                    digest.update(key.get(i));
                }
                digest.doFinal(hashedKey, 0);
            }
            pad(key, hashed, INNER);
            digest.update(message, 0, message.length);
            digest.doFinal(hash, 0);
            pad(key, hashed, OUTER);
            digest.update(hash, 0, LENGTH);
            byte[] signature = new byte[LENGTH];
            digest.doFinal(signature, 0);
            return signature;
        }

        private void pad(SecretView key, boolean hashed, int mask) {
            int length = hashed ? LENGTH : key.length();
            for (int i = 0; i < BLOCK; i++) {
                int value = i >= length ? 0 : hashed ? hashedKey[i] : key.get(i);
                digest.update((byte) (value ^ mask));
            }
        }

        /** The digest's compression leaves words of its block on the stack. */
        void wipe() {
            StackProbe.wipe();
            digest.reset();
            MemGuard.wipe(hash);
            MemGuard.wipe(hashedKey);
        }
    }
}
