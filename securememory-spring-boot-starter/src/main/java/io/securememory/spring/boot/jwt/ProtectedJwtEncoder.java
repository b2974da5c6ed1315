package io.securememory.spring.boot.jwt;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemoryException;
import io.securememory.spring.boot.JwtAlgorithm;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.jwt.JoseHeaderNames;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtEncodingException;

/** Signs tokens with the newest key. Safe for use by several threads. */
final class ProtectedJwtEncoder implements JwtEncoder {

    private static final String FAILED = "An error occurred while attempting to encode the Jwt: ";

    private final JwtAlgorithm algorithm;
    private final JwtKeys keys;

    ProtectedJwtEncoder(JwtAlgorithm algorithm, JwtKeys keys) {
        this.algorithm = algorithm;
        this.keys = keys;
    }

    @Override
    public Jwt encode(JwtEncoderParameters parameters) throws JwtEncodingException {
        try {
            return encodeByNewest(parameters);
        } catch (SecureMemoryException e) {
            throw new JwtEncodingException(FAILED + e.getMessage(), e);
        } catch (ParseException | IllegalArgumentException e) {
            throw new JwtEncodingException(FAILED + "the header or a claim is malformed", e);
        }
    }

    /** A rotation closes the key that it replaces, also while this signs with it. */
    private Jwt encodeByNewest(JwtEncoderParameters parameters) throws ParseException {
        while (true) {
            JwtKey key = keys.signing();
            try {
                return encode(parameters, key);
            } catch (SecretClosedException e) {
                if (keys.signing().equals(key)) {
                    throw e;
                }
            }
        }
    }

    private Jwt encode(JwtEncoderParameters parameters, JwtKey key) throws ParseException {
        JWSHeader header = header(parameters.getJwsHeader(), key.id());
        JwtClaimsSet claims = parameters.getClaims();
        JWSObject unsigned = new JWSObject(header, claims(claims).toPayload());
        byte[] input = unsigned.getSigningInput();
        String token = new String(input, StandardCharsets.US_ASCII) + "." + Base64URL.encode(key.sign(input));
        return new Jwt(token, claims.getIssuedAt(), claims.getExpiresAt(), header.toJSONObject(), claims.getClaims());
    }

    private JWSHeader header(@Nullable JwsHeader given, String keyId) throws ParseException {
        Map<String, Object> header = new LinkedHashMap<>();
        if (given != null) {
            requireOurs(given, keyId);
            given.getHeaders().forEach((name, value) -> header.put(name, plain(value)));
        }
        header.put(JoseHeaderNames.ALG, algorithm.header());
        header.put(JoseHeaderNames.KID, keyId);
        return JWSHeader.parse(header);
    }

    private void requireOurs(JwsHeader given, String keyId) {
        String wanted = given.getAlgorithm().getName();
        if (!wanted.equals(algorithm.header())) {
            throw new JwtEncodingException(FAILED + "the header asks for the algorithm " + wanted
                    + ", and the key is for " + algorithm.header()
                    + ". Leave the header out, or make another ProtectedJwt for that algorithm.");
        }
        String id = given.getKeyId();
        if (id != null && !id.equals(keyId)) {
            throw new JwtEncodingException(FAILED + "the header asks for a key with another id. Leave the id out: it is"
                    + " that of the newest key.");
        }
        if (given.getHeaders().containsKey("b64")) {
            throw new JwtEncodingException(
                    FAILED + "the claims of a token are always in Base64: leave b64 out. Source: RFC 7797 section 7.");
        }
    }

    private static Object plain(Object value) {
        if (value instanceof URL url) {
            return url.toString();
        }
        return value instanceof Collection<?> values ? new ArrayList<>(values) : value;
    }

    private static JWTClaimsSet claims(JwtClaimsSet given) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder();
        given.getClaims().forEach((name, value) -> {
            boolean isIssuer = name.equals(JwtClaimNames.ISS);
            boolean isTime = value instanceof Instant
                    && JWTClaimsSet.getRegisteredNames().contains(name);
            claims.claim(name, isIssuer ? value.toString() : isTime ? Date.from((Instant) value) : value);
        });
        return claims.build();
    }
}
