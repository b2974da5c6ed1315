package io.securememory.jca.encoding;

import static io.securememory.jca.encoding.DerReader.NULL;
import static io.securememory.jca.encoding.DerReader.SEQUENCE;

import io.securememory.MalformedSecretException;
import io.securememory.SecretView;
import io.securememory.jca.engine.Digest;
import io.securememory.jca.engine.KeyShape;
import io.securememory.memguard.MutableView;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the numbers of a key of RSA.
 *
 * <p>That the primes are the factors of the modulus is checked modulo another prime, which finds damage. Whether the other
 * numbers belong to them, only a signature shows.
 *
 * <p>Source: RFC 8017 appendix A.1.2, RFC 4055 section 3.1.
 */
final class RsaNumbers {

    private static final int SHORTEST = 1024;
    private static final int LONGEST = 16_384;

    /** The JDK and OpenSSL refuse longer exponents of longer moduli. */
    private static final int LONGEST_EXPONENT = 64;

    private static final int SHORT_MODULUS = 3072;

    /** Longer than any parameters of PSS. */
    private static final int MOST_PARAMETERS = 256;

    private final NumberReader numbers;
    private final boolean pss;

    /**
     * @param pss whether the key is for RSASSA-PSS alone
     */
    RsaNumbers(NumberReader numbers, boolean pss) {
        this.numbers = numbers;
        this.pss = pss;
    }

    private record Numbers(
            Unsigned modulus, Unsigned publicExponent, Unsigned exponent, Unsigned p, Unsigned q, Crt crt) {

        List<Unsigned> afterExponent() {
            return List.of(p, q, crt.exponentP, crt.exponentQ, crt.coefficient);
        }
    }

    private record Crt(Unsigned exponentP, Unsigned exponentQ, Unsigned coefficient) {}

    /**
     * Reads a key.
     *
     * @throws MalformedSecretException if it is too short or too long, has other primes than two of the same length, or is
     *     damaged
     */
    ParsedKey read(Pkcs8.Elements elements) {
        DerReader key = elements.key().enter(SEQUENCE);
        elements.key().requireEnd();
        int version = key.number();
        if (version == 1) {
            throw new MalformedSecretException(
                    key.position(), "it is a key of RSA with more than two primes: make one with two");
        }
        if (version != 0) {
            throw key.malformed();
        }
        Numbers all = new Numbers(
                Unsigned.of(key),
                Unsigned.of(key),
                Unsigned.of(key),
                Unsigned.of(key),
                Unsigned.of(key),
                new Crt(Unsigned.of(key), Unsigned.of(key), Unsigned.of(key)));
        key.requireEnd();
        requireLength(all.modulus);
        requireWhole(all);
        PSSParameterSpec parameters = pss ? parameters(elements.parameters()) : null;
        KeyShape.Rsa shape =
                new KeyShape.Rsa(all.modulus.publicValue(), all.publicExponent.publicValue(), pss, parameters);
        if (Math.max(all.p.length(), all.q.length()) > shape.halfWidth()) {
            throw new MalformedSecretException(
                    all.p.position(), "its primes have different lengths: make a key whose primes have the same");
        }
        return numbers.key(shape, target -> fill(target, shape, all), null);
    }

    private static void fill(MutableView target, KeyShape.Rsa shape, Numbers all) {
        all.exponent.copyTo(target.slice(0, shape.width()));
        int at = shape.width();
        for (Unsigned number : all.afterExponent()) {
            number.copyTo(target.slice(at, shape.halfWidth()));
            at += shape.halfWidth();
        }
    }

    private static void requireLength(Unsigned modulus) {
        int bits = modulus.bitLength();
        if (bits < SHORTEST || bits > LONGEST) {
            throw new MalformedSecretException(
                    modulus.position(),
                    "it is a key of RSA with " + bits + " bits: make one with " + SHORTEST + " to " + LONGEST);
        }
    }

    private static void requireWhole(Numbers all) {
        if (all.afterExponent().stream().allMatch(Unsigned::isZero)) {
            throw new MalformedSecretException(
                    all.p.position(), "it is a key of RSA without its primes, which are needed");
        }
        Crt crt = all.crt;
        boolean odd =
                List.of(all.modulus, all.publicExponent, all.exponent, all.p, all.q, crt.exponentP, crt.exponentQ)
                        .stream()
                        .allMatch(Unsigned::isOdd);
        boolean small = all.exponent.isLessThan(all.modulus)
                && crt.exponentP.isLessThan(all.p)
                && crt.exponentQ.isLessThan(all.q)
                && crt.coefficient.isLessThan(all.p);
        if (!odd
                || !small
                || crt.coefficient.isZero()
                || !isExponent(all.publicExponent, all.modulus)
                || !Unsigned.areFactors(all.p, all.q, all.modulus)) {
            throw new MalformedSecretException(
                    all.modulus.position(), "it is damaged: its numbers are not those of a key of RSA");
        }
    }

    /** It is odd, so it is at least 3 if it has more than one bit. */
    private static boolean isExponent(Unsigned number, Unsigned modulus) {
        int bits = number.bitLength();
        return bits > 1
                && (bits <= LONGEST_EXPONENT || modulus.bitLength() <= SHORT_MODULUS)
                && number.isLessThan(modulus);
    }

    /** Returns the parameters that a key of RSASSA-PSS is limited to, or null if there are none. */
    private static @Nullable PSSParameterSpec parameters(DerReader reader) {
        int position = reader.position();
        SecretView bytes = reader.view();
        if (bytes.length() == 0) {
            return null;
        }
        if (reader.isNext(NULL)) {
            reader.skip(NULL);
            reader.requireEnd();
            return null;
        }
        if (bytes.length() > MOST_PARAMETERS) {
            throw reader.malformed();
        }
        byte[] encoded = new byte[bytes.length()];
        bytes.copyTo(0, encoded, 0, encoded.length);
        PSSParameterSpec parameters = parameters(encoded);
        if (parameters == null) {
            throw new MalformedSecretException(
                    position, "it is limited to parameters of RSASSA-PSS other than SHA-1 and SHA-2 with MGF1");
        }
        return parameters;
    }

    private static @Nullable PSSParameterSpec parameters(byte[] encoded) {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("RSASSA-PSS");
            parameters.init(encoded);
            PSSParameterSpec known = parameters.getParameterSpec(PSSParameterSpec.class);
            boolean supported = Digest.byName(known.getDigestAlgorithm()).isPresent()
                    && known.getMGFParameters() instanceof MGF1ParameterSpec mask
                    && Digest.byName(mask.getDigestAlgorithm()).isPresent();
            return supported ? known : null;
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            return null;
        }
    }
}
