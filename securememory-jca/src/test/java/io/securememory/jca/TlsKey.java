package io.securememory.jca;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.jca.engine.BouncyCastlePrivateKeyEngine;
import io.securememory.jca.engine.Curve;
import io.securememory.jca.engine.KeyShape;
import io.securememory.jca.engine.PrivateKeyEngine;
import io.securememory.jca.engine.RawKey;
import io.securememory.jca.engine.TestKeys;
import io.securememory.jca.engine.TestKeys.TestKey;
import io.securememory.jca.spi.FixedContent;
import io.securememory.jca.spi.ProtectedPrivateKey;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.spec.RSAPublicKeySpec;
import java.util.List;

/** Kinds of keys that TLS works with. */
enum TlsKey {
    RSA,
    RSASSA_PSS,
    P_256,
    P_384,
    ED25519;

    private TestKey numbers() throws GeneralSecurityException {
        return switch (this) {
            case RSA, RSASSA_PSS -> TestKeys.rsa(2048);
            case P_256 -> TestKeys.ec(Curve.P_256);
            case P_384 -> TestKeys.ec(Curve.P_384);
            case ED25519 -> TestKeys.raw(RawKey.ED25519);
        };
    }

    /** Makes such a key of a session, and its public key. */
    KeyPair pair(SecureMemory session, CryptoEngine.Kind kind) throws GeneralSecurityException {
        TestKey key = numbers();
        Secret secret = key.secret(session.secrets());
        if (this == RSASSA_PSS) {
            KeyShape.Rsa rsa = new KeyShape.Rsa(key.rsa().modulus(), key.rsa().publicExponent(), true, null);
            PublicKey publicKey = KeyFactory.getInstance("RSASSA-PSS")
                    .generatePublic(new RSAPublicKeySpec(rsa.modulus(), rsa.publicExponent()));
            return new KeyPair(publicKey, ProtectedPrivateKey.of(new FixedContent(rsa, secret), engine(kind)));
        }
        return new KeyPair(
                key.pair().getPublic(), ProtectedPrivateKey.of(new FixedContent(key.shape(), secret), engine(kind)));
    }

    private static PrivateKeyEngine engine(CryptoEngine.Kind kind) {
        return switch (kind) {
            case LIBCRYPTO ->
                CryptoEngine.choose(CryptoEngine.Choice.LIBCRYPTO, null)
                        .engines()
                        .privateKeys();
            case BOUNCYCASTLE -> new BouncyCastlePrivateKeyEngine();
        };
    }

    /** Returns names of signature schemes in OpenSSL that such a key signs with, in this version of TLS. */
    List<String> schemes(String version) {
        boolean newest = version.equals("TLSv1.3");
        return switch (this) {
            case RSA ->
                newest
                        ? List.of("rsa_pss_rsae_sha256", "rsa_pss_rsae_sha512")
                        : List.of(
                                "RSA+SHA256", "RSA+SHA384", "RSA+SHA512", "rsa_pss_rsae_sha256", "rsa_pss_rsae_sha384");
            case RSASSA_PSS -> List.of("rsa_pss_pss_sha256", "rsa_pss_pss_sha384", "rsa_pss_pss_sha512");
            case P_256 -> newest ? List.of("ECDSA+SHA256") : List.of("ECDSA+SHA256", "ECDSA+SHA512");
            case P_384 -> List.of("ECDSA+SHA384");
            case ED25519 -> List.of("ed25519");
        };
    }
}
