package io.securememory.jca.encoding;

import static io.securememory.jca.encoding.DerReader.CONTEXT_0;
import static io.securememory.jca.encoding.DerReader.CONTEXT_1;
import static io.securememory.jca.encoding.DerReader.OBJECT_IDENTIFIER;
import static io.securememory.jca.encoding.DerReader.OCTET_STRING;
import static io.securememory.jca.encoding.DerReader.SEQUENCE;

import io.securememory.MalformedSecretException;
import io.securememory.SecretView;
import io.securememory.jca.engine.Curve;
import io.securememory.jca.engine.KeyShape;
import org.jspecify.annotations.Nullable;

/**
 * Reads the scalar of a key of an elliptic curve.
 *
 * <p>Source: RFC 5915 section 3, RFC 5480 section 2.1.1; SEC 1 section 2.3.3.
 */
final class EcNumbers {

    private static final int VERSION = 1;

    /** First bytes of a point whose y is there, and of one that only has its last bit, 0 or 1. */
    private static final int UNCOMPRESSED = 4;

    private static final int COMPRESSED_EVEN = 2;
    private static final int COMPRESSED_ODD = 3;

    private final NumberReader numbers;

    EcNumbers(NumberReader numbers) {
        this.numbers = numbers;
    }

    /**
     * Reads a key.
     *
     * @throws MalformedSecretException if it is of another curve, or damaged
     */
    ParsedKey read(Pkcs8.Elements elements) {
        DerReader key = elements.key().enter(SEQUENCE);
        elements.key().requireEnd();
        if (key.number() != VERSION) {
            throw key.malformed();
        }
        DerReader number = key.enter(OCTET_STRING);
        DerReader parameters = key.isNext(CONTEXT_0) ? key.enter(CONTEXT_0) : null;
        SecretView point = elements.publicKey();
        if (key.isNext(CONTEXT_1)) {
            DerReader inside = key.enter(CONTEXT_1);
            point = Pkcs8.bitString(inside);
            inside.requireEnd();
        }
        key.requireEnd();
        Curve curve = curve(elements.parameters());
        requireSame(curve, parameters);
        Unsigned scalar = scalar(number, curve);
        if (point != null && !isPoint(point, curve)) {
            throw new MalformedSecretException(number.end(), "the public key in it is no point of its elliptic curve");
        }
        return numbers.key(new KeyShape.Ec(curve), scalar::copyTo, point);
    }

    private static Curve curve(DerReader parameters) {
        if (!parameters.isNext(OBJECT_IDENTIFIER)) {
            throw new MalformedSecretException(
                    parameters.position(),
                    "its elliptic curve is not given by name, as openssl pkey -in <key> -ec_param_enc named_curve"
                            + " -out <file> writes it");
        }
        int position = parameters.position();
        Curve curve = Curve.byIdentifier(parameters.identifier())
                .orElseThrow(() -> new MalformedSecretException(
                        position, "it is of an elliptic curve other than P-256, P-384 and P-521"));
        parameters.requireEnd();
        return curve;
    }

    /** A key may name its curve twice. Where it has numbers instead, those beside its name are not read. */
    private static void requireSame(Curve curve, @Nullable DerReader other) {
        if (other == null || !other.isNext(OBJECT_IDENTIFIER)) {
            return;
        }
        if (!other.identifier().equals(curve.identifier())) {
            throw new MalformedSecretException(other.position(), "it names two elliptic curves");
        }
    }

    /** Some writers leave out zeros at the beginning, and some have too many of them. */
    private static Unsigned scalar(DerReader content, Curve curve) {
        SecretView bytes = content.view();
        int more = Math.max(bytes.length() - curve.size(), 0);
        boolean isShort = more == 0 || new Unsigned(bytes.slice(0, more), content.position()).isZero();
        Unsigned scalar = new Unsigned(bytes.slice(more, bytes.length() - more), content.position());
        if (!isShort
                || scalar.length() == 0
                || scalar.isZero()
                || !scalar.isLessThan(curve.parameters().getOrder())) {
            throw new MalformedSecretException(
                    content.position(), "it is damaged: its number is not between 0 and the order of its curve");
        }
        return scalar;
    }

    private static boolean isPoint(SecretView point, Curve curve) {
        return switch (point.length() == 0 ? 0 : point.get(0)) {
            case UNCOMPRESSED -> point.length() == 1 + 2 * curve.size();
            case COMPRESSED_EVEN, COMPRESSED_ODD -> point.length() == 1 + curve.size();
            default -> false;
        };
    }
}
