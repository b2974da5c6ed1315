package io.securememory.jca.engine;

import java.nio.ByteBuffer;

/** What encryption with RSA adds to a plaintext. Source: RFC 8017 section 7. */
public sealed interface RsaPadding {

    /** Nothing: the plaintext is as long as the modulus. */
    record None() implements RsaPadding {}

    /**
     * OAEP.
     *
     * @param digest the digest of the label
     * @param maskDigest the digest of MGF1
     * @param label the label, usually empty; read only
     */
    record Oaep(Digest digest, Digest maskDigest, ByteBuffer label) implements RsaPadding {}
}
