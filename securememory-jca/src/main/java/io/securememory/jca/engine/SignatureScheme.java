package io.securememory.jca.engine;

import org.jspecify.annotations.Nullable;

/** How a message is signed. */
public sealed interface SignatureScheme {

    /**
     * RSASSA-PKCS1-v1_5 over a digest, which is the input. Source: RFC 8017 section 8.2.
     *
     * @param digest the digest
     */
    record Pkcs1(Digest digest) implements SignatureScheme {}

    /**
     * RSASSA-PSS over a digest, which is the input. Source: RFC 8017 section 8.1.
     *
     * @param digest the digest
     * @param maskDigest the digest of MGF1
     * @param saltLength bytes
     */
    record Pss(Digest digest, Digest maskDigest, int saltLength) implements SignatureScheme {}

    /**
     * ECDSA over a digest, which is the input. The signature is in DER. Source: FIPS 186-5 section 6.4, RFC 3279.
     *
     * @param digest the digest, or null for any input that is used as one
     */
    record Ecdsa(@Nullable Digest digest) implements SignatureScheme {}

    /** Ed25519 or Ed448 over a message, which is the input. Source: RFC 8032. */
    record Eddsa() implements SignatureScheme {}
}
