package io.securememory.jca.encoding;

import static io.securememory.jca.encoding.DerReader.OCTET_STRING;

import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.SecretView;
import io.securememory.internal.SourceSecret;
import io.securememory.jca.engine.KeyShape;
import io.securememory.jca.engine.RawKey;
import io.securememory.memguard.MutableViewConsumer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the numbers of a private key from native memory to native memory.
 *
 * <p>All elements are found before anything that is public is copied, so that damaged lengths do not make secret numbers
 * public.
 *
 * <p>Source: RFC 8410 section 7 (Ed25519, Ed448, X25519, X448); see also {@link RsaNumbers} and {@link EcNumbers}.
 */
final class NumberReader {

    private static final String RSA = "2a864886f70d010101";
    private static final String RSASSA_PSS = "2a864886f70d01010a";
    private static final String EC = "2a8648ce3d0201";

    private final SourceSecret source;

    /** What was made, until it is known that the caller gets it. */
    private @Nullable Secret made;

    NumberReader(SourceSecret source) {
        this.source = source;
    }

    /**
     * Reads a key.
     *
     * @throws MalformedSecretException if it is of a kind that is not supported, or damaged
     */
    ParsedKey read(Pkcs8 key) {
        return switch (key.algorithm()) {
            case RSA -> new RsaNumbers(this, false).read(key.elements());
            case RSASSA_PSS -> new RsaNumbers(this, true).read(key.elements());
            case EC -> new EcNumbers(this).read(key.elements());
            default ->
                raw(
                        RawKey.byIdentifier(key.algorithm())
                                .orElseThrow(() -> new MalformedSecretException(
                                        key.position(),
                                        "it is a key of an algorithm other than RSA, RSASSA-PSS, EC, Ed25519, Ed448,"
                                                + " X25519 and X448")),
                        key.elements());
        };
    }

    private ParsedKey raw(RawKey kind, Pkcs8.Elements elements) {
        DerReader content = elements.key().enter(OCTET_STRING);
        elements.key().requireEnd();
        SecretView bytes = content.view();
        if (bytes.length() != kind.size()) {
            throw new MalformedSecretException(
                    content.position(),
                    "it has " + bytes.length() + " bytes, and a key of " + kind.standardName() + " has " + kind.size());
        }
        SecretView point = elements.publicKey();
        if (point != null && point.length() != kind.size()) {
            throw new MalformedSecretException(content.end(), "the public key in it is none of " + kind.standardName());
        }
        return key(new KeyShape.Raw(kind), target -> target.copyFrom(0, bytes, 0, bytes.length()), point);
    }

    /** Makes the result. */
    ParsedKey key(KeyShape shape, MutableViewConsumer<RuntimeException> filler, @Nullable SecretView publicKey) {
        Secret numbers = source.derive(shape.size(), filler);
        made = numbers;
        return new ParsedKey(shape, numbers, publicKey == null ? null : copied(publicKey));
    }

    private static ByteBuffer copied(SecretView publicKey) {
        ByteBuffer copy = ByteBuffer.allocate(publicKey.length());
        publicKey.copyTo(copy);
        return copy.flip().asReadOnlyBuffer();
    }

    /** Closes the numbers after a failure, because nobody gets them. */
    void closeAfter(Throwable failure) {
        Secret unheld = made;
        try {
            if (unheld != null) {
                unheld.close();
            }
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }
}
