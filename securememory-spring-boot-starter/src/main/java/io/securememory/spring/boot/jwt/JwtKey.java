package io.securememory.spring.boot.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import org.jspecify.annotations.Nullable;

/**
 * One key, which stays the same.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
interface JwtKey extends AutoCloseable {

    /** Returns the key id in headers of tokens. */
    String id();

    /**
     * Signs.
     *
     * @throws io.securememory.SecureMemoryException if that is not possible
     */
    byte[] sign(byte[] input);

    /**
     * Verifies a signature.
     *
     * @param header of the configured algorithm, and without anything that must be understood
     * @throws JOSEException if that is not possible
     * @throws io.securememory.SecretClosedException if the key is closed
     */
    boolean verify(JWSHeader header, byte[] input, Base64URL signature) throws JOSEException;

    /** Returns the public key, or null if there is none. */
    @Nullable
    JWK publicKey();

    /** Closes what belongs to this object alone. Idempotent. */
    @Override
    void close();
}
