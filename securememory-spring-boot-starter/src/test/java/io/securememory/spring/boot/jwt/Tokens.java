package io.securememory.spring.boot.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;

/** Makes tokens. */
final class Tokens {

    static final Duration VALID = Duration.ofMinutes(10);

    private Tokens() {}

    static String by(ProtectedJwt jwt) {
        return by(jwt.encoder(), "someone");
    }

    static String by(JwtEncoder encoder, String subject) {
        Instant now = Instant.now();
        JwtClaimsSet claims = JwtClaimsSet.builder()
                .issuer("https://issuer.example")
                .subject(subject)
                .issuedAt(now)
                .expiresAt(now.plus(VALID))
                .claim("scope", "read write")
                .build();
        return encoder.encode(JwtEncoderParameters.from(claims)).getTokenValue();
    }

    /** A token that Nimbus signs by itself. */
    static String by(OrdinaryKey key, @Nullable String id) throws JOSEException {
        return by(
                key,
                new JWSHeader.Builder(key.name()).keyID(id).build(),
                Instant.now().plus(VALID));
    }

    static String by(OrdinaryKey key, JWSHeader header, Instant end) throws JOSEException {
        SignedJWT token = new SignedJWT(
                header,
                new JWTClaimsSet.Builder()
                        .subject("someone")
                        .expirationTime(Date.from(end))
                        .build());
        token.sign(key.signer());
        return token.serialize();
    }

    static String idOf(String token) throws java.text.ParseException {
        return SignedJWT.parse(token).getHeader().getKeyID();
    }
}
