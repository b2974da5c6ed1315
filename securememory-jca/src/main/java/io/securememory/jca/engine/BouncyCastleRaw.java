package io.securememory.jca.engine;

import io.securememory.SecretView;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519;
import org.bouncycastle.math.ec.rfc7748.X448;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.bouncycastle.math.ec.rfc8032.Ed448;

/** EdDSA and XDH with BouncyCastle. */
final class BouncyCastleRaw {

    private static final byte[] NO_CONTEXT = {};

    private BouncyCastleRaw() {}

    static byte[] sign(SecretView numbers, RawKey kind, byte[] message) throws GeneralSecurityException {
        byte[] signature = new byte[2 * kind.size()];
        byte[] key = HeapNumbers.bytes(numbers);
        try {
            switch (kind) {
                case ED25519 -> Ed25519.sign(key, 0, message, 0, message.length, signature, 0);
                case ED448 -> Ed448.sign(key, 0, NO_CONTEXT, message, 0, message.length, signature, 0);
                default -> throw new InvalidKeyException("A key of " + kind.standardName() + " does not sign.");
            }
        } finally {
            Arrays.fill(key, (byte) 0);
        }
        return signature;
    }

    static byte[] publicKey(SecretView numbers, RawKey kind) {
        byte[] publicKey = new byte[kind.size()];
        byte[] key = HeapNumbers.bytes(numbers);
        try {
            switch (kind) {
                case ED25519 -> Ed25519.generatePublicKey(key, 0, publicKey, 0);
                case ED448 -> Ed448.generatePublicKey(key, 0, publicKey, 0);
                case X25519 -> X25519.generatePublicKey(key, 0, publicKey, 0);
                case X448 -> X448.generatePublicKey(key, 0, publicKey, 0);
            }
        } finally {
            Arrays.fill(key, (byte) 0);
        }
        return publicKey;
    }

    /** Returns the shared secret, which the caller wipes. */
    static byte[] agree(SecretView numbers, RawKey kind, byte[] peer) throws GeneralSecurityException {
        byte[] shared = new byte[kind.size()];
        byte[] key = HeapNumbers.bytes(numbers);
        try {
            boolean contributed = switch (kind) {
                case X25519 -> X25519.calculateAgreement(key, 0, peer, 0, shared, 0);
                case X448 -> X448.calculateAgreement(key, 0, peer, 0, shared, 0);
                default ->
                    throw new InvalidKeyException("A key of " + kind.standardName() + " does not agree on a secret.");
            };
            if (!contributed) {
                throw new InvalidKeyException(
                        "The other side's public key has a small order: the shared secret would not be secret.");
            }
        } finally {
            Arrays.fill(key, (byte) 0);
        }
        return shared;
    }
}
