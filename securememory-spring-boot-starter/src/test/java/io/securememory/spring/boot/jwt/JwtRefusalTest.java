package io.securememory.spring.boot.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.JwtAlgorithm;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Seed;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtEncodingException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtValidationException;

/** What is not signed by the right key and algorithm, or no longer valid, is refused. */
@OnceInShortForm
class JwtRefusalTest {

    private final SecureMemory session = SecureMemory.create();

    @AfterEach
    void close() {
        session.close();
    }

    private ProtectedJwt jwt(OrdinaryKey key, JwtAlgorithm algorithm) {
        return ProtectedJwt.of(session, key.secret(session), algorithm).build();
    }

    private static void refused(JwtDecoder decoder, String token) {
        assertThatExceptionOfType(BadJwtException.class).as(token).isThrownBy(() -> decoder.decode(token));
    }

    @ParameterizedTest
    @EnumSource
    void aTokenThatWasChangedAnywhereIsRefused(JwtAlgorithm algorithm) {
        Random random = Seed.random("JwtRefusalTest");
        try (ProtectedJwt jwt = jwt(OrdinaryKey.of(algorithm), algorithm)) {
            JwtDecoder decoder = jwt.decoder();
            String[] parts = Tokens.by(jwt).split("\\.");
            decoder.decode(String.join(".", parts));
            for (int part = 0; part < parts.length; part++) {
                for (int i = 0; i < 20; i++) {
                    String[] changed = parts.clone();
                    byte[] bytes = new Base64URL(parts[part]).decode();
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
                    changed[part] = Base64URL.encode(bytes).toString();
                    refused(decoder, String.join(".", changed));
                }
            }
            refused(decoder, parts[0] + "." + parts[1] + ".");
            refused(decoder, parts[0] + "." + parts[1] + "." + parts[2].substring(0, parts[2].length() - 4));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTokenOfAnotherKeyIsRefused(JwtAlgorithm algorithm) throws Exception {
        OrdinaryKey key = OrdinaryKey.of(algorithm);
        try (ProtectedJwt jwt = jwt(key, algorithm)) {
            String id = Tokens.idOf(Tokens.by(jwt));
            refused(jwt.decoder(), Tokens.by(OrdinaryKey.of(algorithm), id));
            refused(jwt.decoder(), Tokens.by(OrdinaryKey.of(algorithm), (String) null));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTokenWithAnUnknownKeyIdIsRefused(JwtAlgorithm algorithm) throws Exception {
        OrdinaryKey key = OrdinaryKey.of(algorithm);
        try (ProtectedJwt jwt = jwt(key, algorithm)) {
            refused(jwt.decoder(), Tokens.by(key, "another"));
        }
    }

    /** The same key, and an algorithm that it fits, too. */
    @ParameterizedTest
    @CsvSource({"HS512, HS256", "HS512, HS384", "RS256, PS256", "PS256, RS256"})
    void aTokenOfAnotherAlgorithmIsRefused(JwtAlgorithm configured, JwtAlgorithm used) throws Exception {
        OrdinaryKey key = OrdinaryKey.of(configured);
        try (ProtectedJwt jwt = jwt(key, configured)) {
            JWSHeader header = new JWSHeader(JWSAlgorithm.parse(used.header()));
            refused(jwt.decoder(), Tokens.by(key, header, Instant.now().plus(Tokens.VALID)));
        }
    }

    /** The oldest trick: the public key as a secret one. */
    @ParameterizedTest
    @EnumSource(names = {"RS256", "PS256", "ES256", "EDDSA"})
    void thePublicKeyIsNoSecretKey(JwtAlgorithm algorithm) throws Exception {
        OrdinaryKey key = OrdinaryKey.of(algorithm);
        try (ProtectedJwt jwt = jwt(key, algorithm)) {
            SignedJWT forged = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.HS256)
                            .keyID(Tokens.idOf(Tokens.by(jwt)))
                            .build(),
                    new JWTClaimsSet.Builder().subject("someone").build());
            forged.sign(new MACSigner(key.publicKey().getEncoded()));
            refused(jwt.decoder(), forged.serialize());
        }
    }

    @ParameterizedTest
    @EnumSource
    void anUnsignedTokenIsRefused(JwtAlgorithm algorithm) {
        try (ProtectedJwt jwt = jwt(OrdinaryKey.of(algorithm), algorithm)) {
            refused(
                    jwt.decoder(),
                    new PlainJWT(new JWTClaimsSet.Builder().subject("someone").build()).serialize());
            refused(jwt.decoder(), "no token");
            refused(jwt.decoder(), "eyJhbGciOiJIUzI1NiJ9..");
        }
    }

    /** A key that comes with a token proves nothing. */
    @Test
    void aKeyInTheHeaderIsNotUsed() throws Exception {
        OrdinaryKey forger = OrdinaryKey.of(JwtAlgorithm.ES256);
        try (ProtectedJwt jwt = jwt(OrdinaryKey.of(JwtAlgorithm.ES256), JwtAlgorithm.ES256)) {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                    .jwk(forger.jwk("any").toPublicJWK())
                    .build();
            refused(jwt.decoder(), Tokens.by(forger, header, Instant.now().plus(Tokens.VALID)));
        }
    }

    @Test
    void whatMustBeUnderstoodAndIsNotIsRefused() throws Exception {
        OrdinaryKey key = OrdinaryKey.of(JwtAlgorithm.HS256);
        try (ProtectedJwt jwt = jwt(key, JwtAlgorithm.HS256)) {
            JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.HS256)
                    .criticalParams(Set.of("x"))
                    .customParam("x", "y")
                    .build();
            SignedJWT token = new SignedJWT(
                    header, new JWTClaimsSet.Builder().subject("someone").build());
            token.sign(new MACSigner(key.content()));
            refused(jwt.decoder(), token.serialize());
        }
    }

    @Test
    void anExpiredTokenIsRefused() throws Exception {
        OrdinaryKey key = OrdinaryKey.of(JwtAlgorithm.HS256);
        try (ProtectedJwt jwt = jwt(key, JwtAlgorithm.HS256)) {
            String token = Tokens.by(
                    key, new JWSHeader(JWSAlgorithm.HS256), Instant.now().minus(Duration.ofHours(1)));
            assertThatExceptionOfType(JwtValidationException.class)
                    .isThrownBy(() -> jwt.decoder().decode(token))
                    .withMessageContaining("expired");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HS256", "HS384", "HS512"})
    void aKeyThatIsTooShortIsRefusedAtOnce(JwtAlgorithm algorithm) {
        int least = algorithm.leastSecretBytes();
        try (Secret secret = session.secrets().createRandom(least - 1)) {
            assertThatExceptionOfType(JwtKeyException.class)
                    .isThrownBy(() -> ProtectedJwt.of(session, secret, algorithm)
                            .title("secret 'jwt'")
                            .build())
                    .withMessageContaining("secret 'jwt'")
                    .withMessageContaining(String.valueOf(least))
                    .satisfies(failure -> assertThat(failure.remedy()).contains("openssl rand"));
        }
        assertThat(session.status().liveSecrets()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "RSA, 1024, RS256, 2048",
        "RSA, 1024, PS256, 2048",
        "RSA, 2048, ES256, P-256",
        "RSA, 2048, EDDSA, Ed25519",
        "EC, 384, ES256, P-256",
        "EC, 256, RS256, RSA",
        "EC, 256, EDDSA, Ed25519",
        "Ed25519, 255, ES256, P-256",
        "Ed448, 448, EDDSA, Ed25519",
        "X25519, 255, EDDSA, Ed25519"
    })
    void aPrivateKeyThatDoesNotFitIsRefusedAtOnce(String kind, int bits, JwtAlgorithm algorithm, String remedy) {
        byte[] key = OrdinaryKey.pair(kind, bits).getPrivate().getEncoded();
        try (Secret secret = session.secrets().create(key)) {
            assertThatExceptionOfType(JwtKeyException.class)
                    .isThrownBy(() -> ProtectedJwt.of(session, secret, algorithm)
                            .title("secret 'jwt'")
                            .build())
                    .withMessageContaining("secret 'jwt'")
                    .satisfies(failure -> assertThat(failure.remedy()).contains(remedy));
        }
        assertThat(session.status().liveSecrets()).isZero();
    }

    @Test
    void whatIsNoPrivateKeyIsRefusedAtOnceWithoutBeingShown() {
        byte[] text = "correct horse battery staple".getBytes(StandardCharsets.US_ASCII);
        try (Secret secret = session.secrets().create(text)) {
            assertThatExceptionOfType(JwtKeyException.class)
                    .isThrownBy(() -> ProtectedJwt.of(session, secret, JwtAlgorithm.ES256)
                            .title("secret 'jwt'")
                            .build())
                    .withMessageContaining("secret 'jwt'")
                    .satisfies(failure -> assertThat(failure.getMessage() + failure.remedy() + failure.getCause())
                            .doesNotContain("horse"));
        }
    }

    @Test
    void aHeaderThatAsksForSomethingElseIsRefused() {
        try (ProtectedJwt jwt = jwt(OrdinaryKey.of(JwtAlgorithm.ES256), JwtAlgorithm.ES256)) {
            Consumer<JwsHeader.Builder> otherId = header -> header.keyId("another");
            Consumer<JwsHeader.Builder> unencoded = header -> header.header("b64", false);
            assertRefused(jwt, JwsHeader.with(() -> "RS256"), "RS256");
            for (Consumer<JwsHeader.Builder> change : List.of(otherId, unencoded)) {
                JwsHeader.Builder header = JwsHeader.with(() -> "ES256");
                change.accept(header);
                assertRefused(jwt, header, "out");
            }
        }
    }

    private static void assertRefused(ProtectedJwt jwt, JwsHeader.Builder header, String message) {
        JwtClaimsSet claims = JwtClaimsSet.builder().subject("someone").build();
        assertThatExceptionOfType(JwtEncodingException.class)
                .isThrownBy(() -> jwt.encoder().encode(JwtEncoderParameters.from(header.build(), claims)))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @EnumSource
    void afterAPurgeOrACloseNothingIsSignedOrVerified(JwtAlgorithm algorithm) {
        for (Consumer<Secret> end : List.<Consumer<Secret>>of(Secret::close, secret -> session.purge())) {
            Secret secret = OrdinaryKey.of(algorithm).secret(session);
            try (ProtectedJwt jwt = ProtectedJwt.of(session, secret, algorithm).build()) {
                String token = Tokens.by(jwt);
                end.accept(secret);
                assertClosed(jwt, token);
            }
        }
        assertThat(session.status().liveSecrets()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void afterItsCloseNothingIsSignedOrVerified(JwtAlgorithm algorithm) {
        ProtectedJwt jwt = jwt(OrdinaryKey.of(algorithm), algorithm);
        String token = Tokens.by(jwt);
        jwt.close();
        jwt.close();
        assertClosed(jwt, token);
        assertThat(session.status().liveSecrets())
                .as("the one that is not ours")
                .isEqualTo(1);
    }

    private static void assertClosed(ProtectedJwt jwt, String token) {
        assertThatExceptionOfType(JwtEncodingException.class)
                .isThrownBy(() -> Tokens.by(jwt))
                .withCauseInstanceOf(SecretClosedException.class);
        assertThatExceptionOfType(JwtException.class)
                .isThrownBy(() -> jwt.decoder().decode(token))
                .withRootCauseInstanceOf(SecretClosedException.class)
                .isNotInstanceOf(BadJwtException.class);
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(jwt::publicKeys);
    }
}
