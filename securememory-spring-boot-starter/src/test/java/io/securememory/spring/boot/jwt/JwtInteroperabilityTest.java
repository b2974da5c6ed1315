package io.securememory.spring.boot.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.spring.boot.JwtAlgorithm;
import io.securememory.testing.OnceInShortForm;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

/** Tokens that are signed here are verified by Nimbus with ordinary keys, and the reverse. */
@OnceInShortForm
class JwtInteroperabilityTest {

    private final SecureMemory session = SecureMemory.create();

    @AfterEach
    void close() {
        session.close();
    }

    private ProtectedJwt jwt(OrdinaryKey key, JwtAlgorithm algorithm) {
        return ProtectedJwt.of(session, key.secret(session), algorithm).build();
    }

    @ParameterizedTest
    @EnumSource
    void nimbusVerifiesWhatIsSignedHere(JwtAlgorithm algorithm) throws Exception {
        OrdinaryKey key = OrdinaryKey.of(algorithm);
        try (ProtectedJwt jwt = jwt(key, algorithm)) {
            SignedJWT token = SignedJWT.parse(Tokens.by(jwt));

            assertThat(token.verify(key.verifier())).isTrue();
            assertThat(token.getHeader().getAlgorithm()).isEqualTo(key.name());
            assertThat(token.getJWTClaimsSet().getSubject()).isEqualTo("someone");
            assertThat(token.getJWTClaimsSet().getIssuer()).isEqualTo("https://issuer.example");
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "EDDSA")
    void springSecurityVerifiesWhatIsSignedHere(JwtAlgorithm algorithm) throws Exception {
        OrdinaryKey key = OrdinaryKey.of(algorithm);
        try (ProtectedJwt jwt = jwt(key, algorithm)) {
            String token = Tokens.by(jwt);

            Jwt read = key.decoder(Tokens.idOf(token)).decode(token);

            assertThat(read.getSubject()).isEqualTo("someone");
            assertThat(read.getClaimAsString("scope")).isEqualTo("read write");
            assertThat(read.getExpiresAt()).isAfter(read.getIssuedAt());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatNimbusSignsIsVerifiedHere(JwtAlgorithm algorithm) throws Exception {
        OrdinaryKey key = OrdinaryKey.of(algorithm);
        try (ProtectedJwt jwt = jwt(key, algorithm)) {
            String id = Tokens.idOf(Tokens.by(jwt));

            assertThat(jwt.decoder().decode(Tokens.by(key, id)).getSubject()).isEqualTo("someone");
            assertThat(jwt.decoder().decode(Tokens.by(key, (String) null)).getSubject())
                    .as("without a key id")
                    .isEqualTo("someone");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsSignedHereIsVerifiedHereInEachStorage(JwtAlgorithm algorithm) {
        OrdinaryKey key = OrdinaryKey.of(algorithm);
        for (Storage storage : Storage.values()) {
            try (Secret secret = session.secrets(storage).create(key.content());
                    ProtectedJwt jwt =
                            ProtectedJwt.of(session, secret, algorithm).build()) {
                assertThat(jwt.decoder().decode(Tokens.by(jwt)).getSubject()).isEqualTo("someone");
            }
        }
        assertThat(session.status().liveSecrets()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"RS256", "PS256", "ES256"})
    void theJwkSetIsAllThatOthersNeed(JwtAlgorithm algorithm) throws Exception {
        try (ProtectedJwt jwt = jwt(OrdinaryKey.of(algorithm), algorithm)) {
            JWKSet keys = JWKSet.parse(jwt.publicKeys().toJSONObject());

            assertThat(OrdinaryKey.decoder(algorithm, keys)
                            .decode(Tokens.by(jwt))
                            .getSubject())
                    .isEqualTo("someone");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theJwkSetHasNothingSecret(JwtAlgorithm algorithm) throws Exception {
        OrdinaryKey key = OrdinaryKey.of(algorithm);
        try (ProtectedJwt jwt = jwt(key, algorithm)) {
            assertThat(jwt.publicKeys().getKeys()).hasSize(algorithm.isSymmetric() ? 0 : 1);
            assertThat(jwt.publicKeys().getKeys()).allSatisfy(shown -> {
                assertThat(shown.isPrivate()).isFalse();
                assertThat(shown.getAlgorithm()).isEqualTo(key.name());
                assertThat(shown.getKeyID()).isEqualTo(Tokens.idOf(Tokens.by(jwt)));
                assertThat(shown.getKeyID())
                        .as("thumbprint of RFC 7638")
                        .isEqualTo(key.jwk("any").computeThumbprint().toString());
            });
        }
    }

    /** Two instances of an application, or one before and after a restart. */
    @ParameterizedTest
    @EnumSource
    void theKeyIdDependsOnTheKeyAlone(JwtAlgorithm algorithm) throws Exception {
        OrdinaryKey key = OrdinaryKey.of(algorithm);
        try (SecureMemory elsewhere = SecureMemory.create();
                ProtectedJwt here = jwt(key, algorithm);
                ProtectedJwt there = ProtectedJwt.of(elsewhere, key.secret(elsewhere), algorithm)
                        .build();
                ProtectedJwt other = jwt(OrdinaryKey.of(algorithm), algorithm)) {
            String id = Tokens.idOf(Tokens.by(here));

            assertThat(Tokens.idOf(Tokens.by(there))).isEqualTo(id);
            assertThat(Tokens.idOf(Tokens.by(other))).isNotEqualTo(id);
            assertThat(there.decoder().decode(Tokens.by(here)).getSubject()).isEqualTo("someone");
        }
    }

    @Test
    void aKeyIdThatIsSetIsInEachToken() throws Exception {
        OrdinaryKey key = OrdinaryKey.of(JwtAlgorithm.HS256);
        try (ProtectedJwt jwt = ProtectedJwt.of(session, key.secret(session), JwtAlgorithm.HS256)
                .keyId("billing-2026")
                .build()) {
            assertThat(Tokens.idOf(Tokens.by(jwt))).isEqualTo("billing-2026");
            assertThat(jwt.decoder().decode(Tokens.by(key, "billing-2026")).getSubject())
                    .isEqualTo("someone");
        }
    }

    @Test
    void aHeaderAndClaimsArriveAsSpringSecuritysOwnEncoderWritesThem() throws Exception {
        OrdinaryKey key = OrdinaryKey.of(JwtAlgorithm.ES256);
        Instant time = Instant.ofEpochSecond(1_900_000_000);
        JwtEncoderParameters parameters = JwtEncoderParameters.from(
                JwsHeader.with(() -> "ES256").type("at+jwt").header("x", "y").build(),
                JwtClaimsSet.builder()
                        .issuer("https://issuer.example")
                        .audience(List.of("one", "two"))
                        .id("7")
                        .notBefore(time)
                        .expiresAt(time)
                        .claim("number", 12)
                        .claim("map", Map.of("a", List.of(1, 2)))
                        .build());
        try (ProtectedJwt jwt = jwt(key, JwtAlgorithm.ES256)) {
            SignedJWT ours = SignedJWT.parse(jwt.encoder().encode(parameters).getTokenValue());
            JWK ordinary = key.jwk(ours.getHeader().getKeyID());
            SignedJWT springs =
                    SignedJWT.parse(new NimbusJwtEncoder((selector, context) -> selector.select(new JWKSet(ordinary)))
                            .encode(parameters)
                            .getTokenValue());

            assertThat(ours.getJWTClaimsSet()).isEqualTo(springs.getJWTClaimsSet());
            assertThat(ours.getHeader().toJSONObject())
                    .isEqualTo(springs.getHeader().toJSONObject());
        }
    }
}
