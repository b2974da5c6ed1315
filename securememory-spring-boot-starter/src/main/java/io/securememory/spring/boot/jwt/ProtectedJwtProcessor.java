package io.securememory.spring.boot.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.BadJWSException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.JWTProcessor;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemoryException;
import io.securememory.spring.boot.JwtAlgorithm;
import java.text.ParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Verifies the signatures of tokens. The claims are validated by Spring Security after that.
 *
 * <p>The algorithm and the keys are those that were configured. Nothing in the header of a token chooses among algorithms, or
 * brings a key with it ({@code jwk}, {@code jku}, {@code x5c}, {@code x5u}).
 */
final class ProtectedJwtProcessor implements JWTProcessor<SecurityContext> {

    private final JwtAlgorithm algorithm;
    private final JwtKeys keys;

    ProtectedJwtProcessor(JwtAlgorithm algorithm, JwtKeys keys) {
        this.algorithm = algorithm;
        this.keys = keys;
    }

    @Override
    public JWTClaimsSet process(String token, @Nullable SecurityContext context)
            throws ParseException, BadJOSEException, JOSEException {
        return process(JWTParser.parse(token), context);
    }

    @Override
    public JWTClaimsSet process(JWT token, @Nullable SecurityContext context) throws BadJOSEException, JOSEException {
        if (token instanceof SignedJWT signed) {
            return process(signed, context);
        }
        throw new BadJOSEException("The token is not signed.");
    }

    @Override
    public JWTClaimsSet process(PlainJWT token, @Nullable SecurityContext context) throws BadJOSEException {
        throw new BadJOSEException("The token is not signed.");
    }

    @Override
    public JWTClaimsSet process(EncryptedJWT token, @Nullable SecurityContext context) throws BadJOSEException {
        throw new BadJOSEException("The token is encrypted, and not only signed.");
    }

    @Override
    public JWTClaimsSet process(SignedJWT token, @Nullable SecurityContext context)
            throws BadJOSEException, JOSEException {
        requireAcceptable(token.getHeader());
        try {
            if (!isSignedByAny(token)) {
                throw new BadJWSException("The signature is invalid.");
            }
        } catch (SecureMemoryException e) {
            throw new JOSEException(e.getMessage(), e);
        }
        try {
            JWTClaimsSet claims = token.getJWTClaimsSet();
            if (claims == null) {
                throw new BadJWTException("The claims are no JSON object.");
            }
            return claims;
        } catch (ParseException e) {
            throw new BadJWTException("The claims are malformed.", e);
        }
    }

    private void requireAcceptable(JWSHeader header) throws BadJOSEException {
        if (!header.getAlgorithm().getName().equals(algorithm.header())) {
            throw new BadJOSEException("The algorithm is not " + algorithm.header() + ".");
        }
        if (header.getCriticalParams() != null || !header.isBase64URLEncodePayload()) {
            throw new BadJOSEException("The header has something that must be understood, and is not (crit).");
        }
    }

    /** Tries again with other keys if those that were tried were closed meanwhile by a rotation. */
    private boolean isSignedByAny(SignedJWT token) throws JOSEException {
        List<JwtKey> tried = keys.verifying();
        while (true) {
            if (isSignedByOneOf(tried, token)) {
                return true;
            }
            List<JwtKey> now = keys.verifying();
            if (tried.containsAll(now)) {
                return false;
            }
            tried = now;
        }
    }

    /** A token without a key id may be of any key. One with an id is of a key with this id. */
    private static boolean isSignedByOneOf(List<JwtKey> keys, SignedJWT token) throws JOSEException {
        String id = token.getHeader().getKeyID();
        for (JwtKey key : keys) {
            if ((id == null || id.equals(key.id())) && isSignedBy(key, token)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isSignedBy(JwtKey key, SignedJWT token) throws JOSEException {
        try {
            return key.verify(token.getHeader(), token.getSigningInput(), token.getSignature());
        } catch (SecretClosedException e) {
            return false; // It was closed meanwhile, because its time was over, or all are.
        }
    }
}
