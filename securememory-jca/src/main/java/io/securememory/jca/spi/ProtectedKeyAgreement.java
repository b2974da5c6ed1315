package io.securememory.jca.spi;

import io.securememory.jca.engine.Curve;
import io.securememory.jca.engine.KeyShape;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.NoSuchAlgorithmException;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import javax.crypto.KeyAgreementSpi;
import javax.crypto.SecretKey;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Agrees on a secret by ECDH, X25519 or X448 with private keys in protected memory.
 *
 * <p>The shared secret is returned in an array, as the JCA wants it, and is the caller's to wipe.
 */
final class ProtectedKeyAgreement extends KeyAgreementSpi {

    private static final String GENERIC = "Generic";
    private static final String TLS = "TlsPremasterSecret";

    private final String algorithm;
    private @Nullable ProtectedPrivateKey key;
    private byte @Nullable [] peer;

    ProtectedKeyAgreement(String algorithm) {
        this.algorithm = algorithm;
    }

    @Override
    protected void engineInit(Key given, SecureRandom random) throws InvalidKeyException {
        if (!(given instanceof ProtectedPrivateKey usable)) {
            throw new InvalidKeyException("The key is not in protected memory; make one with ProtectedKeys.");
        }
        usable.requireUsable();
        requireFit(usable.shape());
        key = usable;
        peer = null;
    }

    private void requireFit(KeyShape shape) throws InvalidKeyException {
        boolean fits = shape instanceof KeyShape.Ec
                ? algorithm.equals("ECDH")
                : shape instanceof KeyShape.Raw raw
                        && !raw.kind().signs()
                        && (algorithm.equals("XDH")
                                || algorithm.equals(raw.kind().standardName()));
        if (!fits) {
            throw new InvalidKeyException("A key of " + shape.algorithm() + " does not agree by " + algorithm + ".");
        }
    }

    @Override
    protected void engineInit(Key given, @Nullable AlgorithmParameterSpec parameters, SecureRandom random)
            throws InvalidKeyException, InvalidAlgorithmParameterException {
        if (parameters != null) {
            throw new InvalidAlgorithmParameterException(algorithm + " takes no parameters.");
        }
        engineInit(given, random);
    }

    @Override
    protected @Nullable Key engineDoPhase(Key other, boolean last) throws InvalidKeyException {
        ProtectedPrivateKey own = requireKey();
        if (!last || peer != null) {
            throw new IllegalStateException(algorithm + " has one phase.");
        }
        peer = encoded(own.shape(), other);
        return null;
    }

    private ProtectedPrivateKey requireKey() {
        ProtectedPrivateKey present = key;
        if (present == null) {
            throw new IllegalStateException("The key agreement is not initialized.");
        }
        return present;
    }

    private static byte[] encoded(KeyShape shape, Key other) throws InvalidKeyException {
        if (shape instanceof KeyShape.Ec ec && other instanceof ECPublicKey point) {
            Curve curve = ec.curve();
            if (!Curve.of(point.getParams()).filter(curve::equals).isPresent()) {
                throw new InvalidKeyException("The public key is of another curve.");
            }
            byte[] bytes = new byte[1 + 2 * curve.size()];
            bytes[0] = 4; // Not compressed.
            put(point.getW().getAffineX(), bytes, 1, curve.size());
            put(point.getW().getAffineY(), bytes, 1 + curve.size(), curve.size());
            return bytes;
        }
        if (shape instanceof KeyShape.Raw raw
                && other instanceof XECPublicKey number
                && number.getParams() instanceof NamedParameterSpec named
                && named.getName().equalsIgnoreCase(raw.kind().standardName())) {
            byte[] bytes = new byte[raw.kind().size()];
            put(number.getU(), bytes, 0, bytes.length);
            for (int low = 0, high = bytes.length - 1; low < high; low++, high--) {
                byte swapped = bytes[low];
                bytes[low] = bytes[high];
                bytes[high] = swapped;
            }
            return bytes;
        }
        throw new InvalidKeyException("The public key does not fit the private key"
                + (other instanceof PublicKey ? "." : ": it is no public key."));
    }

    /** Writes a number with a fixed width. */
    private static void put(BigInteger number, byte[] target, int to, int width) throws InvalidKeyException {
        byte[] magnitude = number.toByteArray();
        int from = magnitude[0] == 0 ? 1 : 0;
        int length = magnitude.length - from;
        if (number.signum() < 0 || length > width) {
            throw new InvalidKeyException("The public key is not valid.");
        }
        System.arraycopy(magnitude, from, target, to + width - length, length);
    }

    @Override
    protected byte[] engineGenerateSecret() {
        ProtectedPrivateKey own = requireKey();
        byte[] other = peer;
        if (other == null) {
            throw new IllegalStateException("The other side's public key is missing: call doPhase.");
        }
        peer = null;
        try {
            return own.use((engine, numbers, shape) -> engine.agree(numbers, shape, other, (memory, at, length) -> {
                byte[] copy = new byte[length];
                memory.get(at, copy, 0, length);
                return copy;
            }));
        } catch (GeneralSecurityException e) {
            throw new ProviderException(e.getMessage(), e);
        }
    }

    @Override
    protected int engineGenerateSecret(byte[] target, int to) throws ShortBufferException {
        ProtectedPrivateKey own = requireKey();
        if (own.shape().size() > target.length - to) {
            throw new ShortBufferException(
                    "The shared secret has " + own.shape().size() + " bytes.");
        }
        byte[] secret = engineGenerateSecret();
        System.arraycopy(secret, 0, target, to, secret.length);
        Arrays.fill(secret, (byte) 0);
        return secret.length;
    }

    @Override
    protected SecretKey engineGenerateSecret(String wanted) throws NoSuchAlgorithmException {
        if (!wanted.equals(GENERIC) && !wanted.equals(TLS)) {
            throw new NoSuchAlgorithmException(
                    "The shared secret is no key of " + wanted + ": derive one from it, for example by HKDF.");
        }
        byte[] secret = engineGenerateSecret();
        try {
            return new SecretKeySpec(secret, wanted);
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
