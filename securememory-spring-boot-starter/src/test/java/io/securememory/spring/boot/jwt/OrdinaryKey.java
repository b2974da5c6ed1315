package io.securememory.spring.boot.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.Ed25519Signer;
import com.nimbusds.jose.crypto.Ed25519Verifier;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.OctetSequenceKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.JwtAlgorithm;
import io.securememory.test.Place;
import io.securememory.test.ResidueSearch;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/** A key that Nimbus and Spring Security sign and verify with themselves, on the heap. */
final class OrdinaryKey {

    private final JwtAlgorithm algorithm;
    private final byte[] bytes;
    private final @Nullable KeyPair pair;

    private OrdinaryKey(JwtAlgorithm algorithm, byte[] bytes, @Nullable KeyPair pair) {
        this.algorithm = algorithm;
        this.bytes = bytes;
        this.pair = pair;
    }

    static OrdinaryKey of(JwtAlgorithm algorithm) {
        if (algorithm.isSymmetric()) {
            byte[] bytes = new byte[algorithm.leastSecretBytes()];
            new SecureRandom().nextBytes(bytes);
            return new OrdinaryKey(algorithm, bytes, null);
        }
        KeyPair pair = switch (algorithm) {
            case RS256, PS256 -> pair("RSA", 2048);
            case ES256 -> pair("EC", 256);
            default -> pair("Ed25519", 255);
        };
        return new OrdinaryKey(algorithm, pair.getPrivate().getEncoded(), pair);
    }

    static KeyPair pair(String algorithm, int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The key as it is in a file: bytes, or PKCS#8. */
    byte[] content() {
        return bytes.clone();
    }

    /** The key as text: hexadecimal digits, or PEM. */
    String text() {
        return algorithm.isSymmetric()
                ? HexFormat.of().formatHex(bytes)
                : "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(bytes)
                        + "\n-----END PRIVATE KEY-----\n";
    }

    /** Prepares a search for the key in files. An HMAC can be computed of a masked key as well as of the key. */
    ResidueSearch search(SecureMemory session) {
        List<Secret> traces = new ArrayList<>();
        for (int mask : algorithm.isSymmetric() ? new int[] {0, 0x36, 0x5c} : new int[] {0}) {
            byte[] masked = bytes.clone();
            for (int i = 0; i < masked.length; i++) {
                masked[i] ^= (byte) mask;
            }
            traces.add(session.secrets().create(masked));
        }
        return ResidueSearch.of(traces.toArray(Secret[]::new)).only(Place.GIVEN);
    }

    Secret secret(SecureMemory session) {
        return session.secrets().create(bytes.clone());
    }

    PublicKey publicKey() {
        return pair.getPublic();
    }

    JWSAlgorithm name() {
        return JWSAlgorithm.parse(algorithm.header());
    }

    JWSSigner signer() throws JOSEException {
        return switch (algorithm) {
            case HS256, HS384, HS512 -> new MACSigner(bytes);
            case RS256, PS256 -> new RSASSASigner(pair.getPrivate());
            case ES256 -> new ECDSASigner((ECPrivateKey) pair.getPrivate());
            case EDDSA -> new Ed25519Signer((OctetKeyPair) jwk("any"));
        };
    }

    JWSVerifier verifier() throws JOSEException {
        return algorithm == JwtAlgorithm.EDDSA
                ? new Ed25519Verifier(((OctetKeyPair) jwk("any")).toPublicJWK())
                : algorithm.isSymmetric()
                        ? new MACVerifier(bytes)
                        : new DefaultJWSVerifierFactory()
                                .createJWSVerifier(new com.nimbusds.jose.JWSHeader(name()), pair.getPublic());
    }

    /** The key with its secret part. */
    JWK jwk(String id) {
        return switch (algorithm) {
            case HS256, HS384, HS512 ->
                new OctetSequenceKey.Builder(bytes).keyID(id).build();
            case RS256, PS256 ->
                new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                        .privateKey((RSAPrivateKey) pair.getPrivate())
                        .keyID(id)
                        .build();
            case ES256 ->
                new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
                        .privateKey((ECPrivateKey) pair.getPrivate())
                        .keyID(id)
                        .build();
            case EDDSA -> {
                byte[] encoded = pair.getPublic().getEncoded();
                byte[] x = Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length);
                byte[] d = ((EdECPrivateKey) pair.getPrivate()).getBytes().orElseThrow();
                yield new OctetKeyPair.Builder(Curve.Ed25519, Base64URL.encode(x))
                        .d(Base64URL.encode(d))
                        .keyID(id)
                        .build();
            }
        };
    }

    /** Spring Security's own, which has none for Ed25519. */
    JwtDecoder decoder(String id) {
        return decoder(algorithm, new JWKSet(jwk(id)));
    }

    static JwtDecoder decoder(JwtAlgorithm algorithm, JWKSet keys) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(JWSAlgorithm.parse(algorithm.header()), new ImmutableJWKSet<>(keys)));
        return new NimbusJwtDecoder(processor);
    }
}
