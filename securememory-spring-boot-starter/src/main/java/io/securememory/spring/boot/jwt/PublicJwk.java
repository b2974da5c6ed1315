package io.securememory.spring.boot.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import io.securememory.spring.boot.JwtAlgorithm;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A public key that verifies tokens, and its form in a JWK set.
 *
 * <p>Its id is the thumbprint of RFC 7638 unless another one is given: every instance of an application that has the key
 * computes the same, before and after a restart, and another key has another one. The number of a version would not do: it
 * is counted from the start of the process.
 */
final class PublicJwk {

    private static final int LEAST_RSA_BITS = 2048;

    /** At the end of the encoding of a key. Source: RFC 8410 section 4. */
    private static final int ED25519_BYTES = 32;

    private final JWSAlgorithm algorithm;
    private final JWK jwk;
    private final Check check;

    /** Verifies a signature. */
    @FunctionalInterface
    private interface Check {
        boolean verify(JWSHeader header, byte[] input, Base64URL signature) throws JOSEException;
    }

    private PublicJwk(JWSAlgorithm algorithm, JWK jwk, Check check) {
        this.algorithm = algorithm;
        this.jwk = jwk;
        this.check = check;
    }

    /**
     * Makes the form of a key.
     *
     * @param title how messages call the key
     * @param id the key id, or null for the thumbprint
     * @throws JwtKeyException if the key is not of the algorithm
     * @throws JOSEException if Nimbus cannot use it
     */
    static PublicJwk of(JwtAlgorithm algorithm, String title, PublicKey key, @Nullable String id) throws JOSEException {
        if (key instanceof RSAPublicKey rsa && (algorithm == JwtAlgorithm.RS256 || algorithm == JwtAlgorithm.PS256)) {
            int bits = rsa.getModulus().bitLength();
            if (bits < LEAST_RSA_BITS) {
                throw unfit(algorithm, title, "has " + bits + " bits");
            }
            return ofRsa(JWSAlgorithm.parse(algorithm.header()), rsa, id);
        }
        if (key instanceof ECPublicKey ec
                && algorithm == JwtAlgorithm.ES256
                && Curve.P_256.equals(Curve.forECParameterSpec(ec.getParams()))) {
            return ofEc(ec, id);
        }
        if (key instanceof EdECPublicKey ed
                && algorithm == JwtAlgorithm.EDDSA
                && ed.getParams().getName().equals(NamedParameterSpec.ED25519.getName())) {
            return ofEd25519(ed, id);
        }
        throw unfit(algorithm, title, "is of another algorithm, " + key.getAlgorithm() + ", or of another curve");
    }

    private static PublicJwk ofRsa(JWSAlgorithm algorithm, RSAPublicKey key, @Nullable String id) throws JOSEException {
        RSAKey.Builder jwk = new RSAKey.Builder(key).keyUse(KeyUse.SIGNATURE).algorithm(algorithm);
        return new PublicJwk(
                algorithm,
                (id == null ? jwk.keyIDFromThumbprint() : jwk.keyID(id)).build(),
                new RSASSAVerifier(key)::verify);
    }

    private static PublicJwk ofEc(ECPublicKey key, @Nullable String id) throws JOSEException {
        ECKey.Builder jwk =
                new ECKey.Builder(Curve.P_256, key).keyUse(KeyUse.SIGNATURE).algorithm(JWSAlgorithm.ES256);
        return new PublicJwk(
                JWSAlgorithm.ES256,
                (id == null ? jwk.keyIDFromThumbprint() : jwk.keyID(id)).build(),
                new ECDSAVerifier(key)::verify);
    }

    private static PublicJwk ofEd25519(EdECPublicKey key, @Nullable String id) throws JOSEException {
        byte[] encoded = key.getEncoded();
        Base64URL x = Base64URL.encode(Arrays.copyOfRange(encoded, encoded.length - ED25519_BYTES, encoded.length));
        OctetKeyPair.Builder jwk = new OctetKeyPair.Builder(Curve.Ed25519, x)
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.EdDSA);
        return new PublicJwk(
                JWSAlgorithm.EdDSA,
                (id == null ? jwk.keyIDFromThumbprint() : jwk.keyID(id)).build(),
                (header, input, signature) -> verifyEd25519(key, input, signature));
    }

    private static JwtKeyException unfit(JwtAlgorithm algorithm, String title, String problem) {
        String needed = switch (algorithm) {
            case ES256 -> "a key of the curve P-256: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";
            case EDDSA -> "a key of Ed25519: openssl genpkey -algorithm Ed25519";
            default ->
                "a key of RSA with at least " + LEAST_RSA_BITS
                        + " bits: openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072";
        };
        return new JwtKeyException(
                "The " + title + " is no key for " + algorithm.header() + ": it " + problem + ".",
                algorithm.header() + " takes " + needed + " makes one.",
                null);
    }

    /** Nimbus verifies by another library, which few applications have. */
    private static boolean verifyEd25519(PublicKey key, byte[] input, Base64URL signature) throws JOSEException {
        try {
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(input);
            return verifier.verify(signature.decode());
        } catch (java.security.SignatureException e) {
            return false; // It is not of the length of a signature, for example.
        } catch (GeneralSecurityException e) {
            throw new JOSEException(e.getMessage(), e);
        }
    }

    JWSAlgorithm algorithm() {
        return algorithm;
    }

    String id() {
        return jwk.getKeyID();
    }

    JWK jwk() {
        return jwk;
    }

    boolean verify(JWSHeader header, byte[] input, Base64URL signature) throws JOSEException {
        return check.verify(header, input, signature);
    }
}
