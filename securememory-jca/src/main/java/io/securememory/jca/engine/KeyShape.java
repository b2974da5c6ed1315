package io.securememory.jca.engine;

import java.math.BigInteger;
import java.security.spec.PSSParameterSpec;
import org.jspecify.annotations.Nullable;

/**
 * What is public about a private key, and where its secret numbers are in the secret that keeps them.
 *
 * <p>Numbers are kept as unsigned integers in the byte order of the machine, as EVP_PKEY_fromdata(3) takes them, each
 * with its whole width.
 */
public sealed interface KeyShape {

    /**
     * Returns how many bytes the secret numbers have together.
     *
     * @return bytes
     */
    int size();

    /**
     * Returns the algorithm of the key in the JCA.
     *
     * @return for example {@code RSA}
     */
    String algorithm();

    /**
     * A key of RSA. Its secret is d, as wide as the modulus, then p, q, d mod (p-1), d mod (q-1) and the inverse of q
     * mod p, each half as wide, rounded up.
     *
     * @param modulus the modulus
     * @param publicExponent the public exponent
     * @param pss whether the key is for RSASSA-PSS alone
     * @param parameters those that a key of RSASSA-PSS is limited to, if any
     */
    record Rsa(
            BigInteger modulus,
            BigInteger publicExponent,
            boolean pss,
            @Nullable PSSParameterSpec parameters) implements KeyShape {

        /** How many numbers follow d. */
        public static final int CRT_NUMBERS = 5;

        /**
         * Returns the width of the modulus and of d.
         *
         * @return bytes
         */
        public int width() {
            return (modulus.bitLength() + Byte.SIZE - 1) / Byte.SIZE;
        }

        /**
         * Returns the width of the other numbers.
         *
         * @return bytes
         */
        public int halfWidth() {
            return (width() + 1) / 2;
        }

        @Override
        public int size() {
            return width() + CRT_NUMBERS * halfWidth();
        }

        @Override
        public String algorithm() {
            return pss ? "RSASSA-PSS" : "RSA";
        }
    }

    /**
     * A key of an elliptic curve. Its secret is the scalar, as wide as the curve's order.
     *
     * @param curve the curve
     */
    record Ec(Curve curve) implements KeyShape {

        @Override
        public int size() {
            return curve.size();
        }

        @Override
        public String algorithm() {
            return "EC";
        }
    }

    /**
     * A key whose secret is a string of bytes.
     *
     * @param kind the algorithm
     */
    record Raw(RawKey kind) implements KeyShape {

        @Override
        public int size() {
            return kind.size();
        }

        /** EdDSA and XDH are the names that the JDK's keys have. */
        @Override
        public String algorithm() {
            return kind.signs() ? "EdDSA" : "XDH";
        }
    }
}
