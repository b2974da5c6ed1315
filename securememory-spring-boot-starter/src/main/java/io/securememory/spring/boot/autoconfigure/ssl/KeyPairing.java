package io.securememory.spring.boot.autoconfigure.ssl;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.securememory.jca.ProtectedKeys;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.interfaces.ECKey;
import java.security.interfaces.EdECKey;
import java.security.interfaces.RSAKey;
import java.security.interfaces.XECKey;
import java.security.spec.ECParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import javax.crypto.KeyAgreement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells whether a private key belongs to a certificate. */
enum KeyPairing {
    PAIR,
    NO_PAIR,
    /** Not known: this Java can hold such keys, but not compute with them. */
    UNKNOWN;

    private static final Logger LOG = LoggerFactory.getLogger(KeyPairing.class);

    private static final byte[] MESSAGE = "a key and a certificate".getBytes(US_ASCII);

    private static final PSSParameterSpec PSS =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 20, PSSParameterSpec.TRAILER_FIELD_BC);

    /**
     * Refuses a key and a certificate that surely do not belong together. If that cannot be computed here, they are accepted,
     * as by Spring Boot, with a warning.
     *
     * @param keyProperty the property that the key comes from
     * @param certificateProperty the property that the certificate comes from
     * @throws io.securememory.spring.boot.DeclaredSecretException if they do not belong together
     */
    static void require(PrivateKey key, Certificate certificate, String keyProperty, String certificateProperty) {
        KeyPairing pairing = of(key, certificate);
        if (pairing == NO_PAIR) {
            throw SslFailures.noPair(keyProperty, certificateProperty);
        }
        if (pairing == UNKNOWN) {
            LOG.warn(
                    "The private key of {} is not checked against the certificate of {}: this Java cannot compute with keys"
                            + " of {}, so that handshakes with it fail unless another provider can",
                    keyProperty,
                    certificateProperty,
                    name(key));
        }
    }

    /** Returns the algorithm or curve. It is not secret, because the certificate shows it, too. */
    private static String name(PrivateKey key) {
        ECParameterSpec curve = key instanceof ECKey ec ? ec.getParams() : null;
        return curve == null ? "the algorithm " + key.getAlgorithm() : "the elliptic curve " + curve;
    }

    static KeyPairing of(PrivateKey key, Certificate certificate) {
        PublicKey publicKey = certificate.getPublicKey();
        if (!haveSameParameters(key, publicKey)) {
            return NO_PAIR;
        }
        try {
            return switch (key.getAlgorithm()) {
                case "RSA" ->
                    signs(publicKey.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "RSASSA-PSS", key, publicKey);
                case "RSASSA-PSS" -> signs("RSASSA-PSS", key, publicKey);
                case "EC" -> signs("SHA256withECDSA", key, publicKey);
                case "EdDSA", "Ed25519", "Ed448" -> signs("EdDSA", key, publicKey);
                case "DSA" -> signs("SHA256withDSA", key, publicKey);
                case "XDH", "X25519", "X448" ->
                    OpaqueKeys.isOpaque(key) ? computes(key, publicKey) : agrees(key, publicKey);
                default -> UNKNOWN;
            };
        } catch (GeneralSecurityException | RuntimeException e) {
            if (key.isDestroyed()) {
                throw new IllegalStateException("the key was wiped by a purge while it was checked", e);
            }
            return canCompute(key) ? NO_PAIR : UNKNOWN;
        }
    }

    /** An opaque key for key agreement is compared by its public key. */
    private static KeyPairing computes(PrivateKey key, PublicKey publicKey) {
        return MessageDigest.isEqual(ProtectedKeys.publicKey(key).getEncoded(), publicKey.getEncoded())
                ? PAIR
                : NO_PAIR;
    }

    /** Tells whether both keys have the same algorithm and the same parameters. */
    private static boolean haveSameParameters(PrivateKey key, PublicKey other) {
        if (key instanceof RSAKey one && other instanceof RSAKey two) {
            return one.getModulus().equals(two.getModulus());
        }
        if (key instanceof ECKey one && other instanceof ECKey two) {
            return areSame(one.getParams(), two.getParams());
        }
        if (key instanceof EdECKey one && other instanceof EdECKey two) {
            return one.getParams().getName().equals(two.getParams().getName());
        }
        if (key instanceof XECKey one && other instanceof XECKey two) {
            return name(one).equals(name(two));
        }
        return key.getAlgorithm().equals(other.getAlgorithm());
    }

    private static boolean areSame(ECParameterSpec one, ECParameterSpec two) {
        return one.getCurve().getField().equals(two.getCurve().getField())
                && one.getCurve().getA().equals(two.getCurve().getA())
                && one.getCurve().getB().equals(two.getCurve().getB())
                && one.getGenerator().equals(two.getGenerator());
    }

    private static String name(XECKey key) {
        return key.getParams() instanceof NamedParameterSpec named ? named.getName() : "";
    }

    private static KeyPairing signs(String algorithm, PrivateKey key, PublicKey publicKey)
            throws GeneralSecurityException {
        Signature signer = Signature.getInstance(algorithm);
        Signature verifier = Signature.getInstance(algorithm);
        signer.initSign(key);
        verifier.initVerify(publicKey);
        if (algorithm.equals("RSASSA-PSS")) {
            PSSParameterSpec parameters = ((RSAKey) key).getParams() instanceof PSSParameterSpec own ? own : PSS;
            signer.setParameter(parameters);
            verifier.setParameter(parameters);
        }
        signer.update(MESSAGE);
        verifier.update(MESSAGE);
        return verifier.verify(signer.sign()) ? PAIR : NO_PAIR;
    }

    /**
     * Checks keys for key agreement, which cannot sign. A second key pair is made for the check. Both sides must agree on the
     * same secret.
     */
    private static KeyPairing agrees(PrivateKey key, PublicKey publicKey) throws GeneralSecurityException {
        if (!(key instanceof XECKey own)) {
            throw new InvalidKeyException("no key of XDH");
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance("XDH");
        generator.initialize(own.getParams());
        KeyPair other = generator.generateKeyPair();
        byte[] one = agreed(key, other.getPublic());
        byte[] two = agreed(other.getPrivate(), publicKey);
        try {
            return MessageDigest.isEqual(one, two) ? PAIR : NO_PAIR;
        } finally {
            Arrays.fill(one, (byte) 0);
            Arrays.fill(two, (byte) 0);
        }
    }

    private static byte[] agreed(PrivateKey key, PublicKey other) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("XDH");
        agreement.init(key);
        agreement.doPhase(other, true);
        return agreement.generateSecret();
    }

    /**
     * Tells whether this Java can compute with the key. For an elliptic curve, it can if it can make keys of that curve. Other
     * algorithms have no such gaps.
     */
    private static boolean canCompute(PrivateKey key) {
        if (!(key instanceof ECKey curve)) {
            return true;
        }
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(curve.getParams());
            generator.generateKeyPair();
            return true;
        } catch (GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }
}
