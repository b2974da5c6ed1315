package io.securememory.jca.encoding;

import io.securememory.Secret;
import io.securememory.jca.engine.KeyShape;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A private key that was read.
 *
 * @param shape what is public about the key, and the layout of its numbers
 * @param numbers its secret numbers
 * @param publicKey the public key that was beside the private one, if there was one; read only. It is not secret, and
 *     nobody has checked that it belongs to the private key. A point, perhaps compressed (SEC 1 section 2.3.3), or the
 *     bytes of RFC 7748 or RFC 8032. Null for RSA, whose public numbers are in the shape
 */
public record ParsedKey(
        KeyShape shape, Secret numbers, @Nullable ByteBuffer publicKey) {}
