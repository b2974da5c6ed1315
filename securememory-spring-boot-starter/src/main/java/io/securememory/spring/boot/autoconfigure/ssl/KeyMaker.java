package io.securememory.spring.boot.autoconfigure.ssl;

import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecretView;
import io.securememory.internal.SourceSecret;
import io.securememory.jca.encoding.Pkcs8;
import io.securememory.jca.encoding.PrivateKeyText;
import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a private key object of the JDK, for algorithms and curves whose keys have no form in protected memory. The JCA gets a copy on the heap, which is wiped as soon as it is not needed any
 * more.
 *
 * <p><b>Limits.</b> The key object keeps its numbers on the heap, where nothing protects them.
 *
 * <p>Source: RFC 5958, RFC 8017, RFC 5480, RFC 8410, RFC 3279.
 */
final class KeyMaker {

    private static final String EC = "EC";

    /** JCA names of algorithms, by the DER bytes of their object identifiers. */
    private static final Map<String, String> ALGORITHMS = Map.of(
            "2a864886f70d010101", "RSA",
            "2a864886f70d01010a", "RSASSA-PSS",
            "2a8648ce3d0201", EC,
            "2a8648ce380401", "DSA",
            "2b656e", "X25519",
            "2b656f", "X448",
            "2b6570", "Ed25519",
            "2b6571", "Ed448");

    /** DER of the names of curves whose keys are made elsewhere. Source: RFC 5480 section 2.1.1.1. */
    private static final Set<String> OPAQUE_CURVES = Set.of("06082a8648ce3d030107", "06052b81040022", "06052b81040023");

    private KeyMaker() {}

    /**
     * Makes a key if there is no form of it in protected memory.
     *
     * @param text the key, in any form that is read
     * @param passphrase passphrase of an encrypted key; read for such a key only
     * @param failure thrown if there is such a form
     * @throws MalformedSecretException if it is not a key of a known algorithm
     */
    static PrivateKey readWithoutOpaqueForm(
            SourceSecret text, @Nullable Secret passphrase, MalformedSecretException failure) {
        return PrivateKeyText.readPkcs8(text, passphrase, pkcs8 -> {
            if (hasOpaqueForm(pkcs8)) {
                throw failure;
            }
            return key(pkcs8);
        });
    }

    private static boolean hasOpaqueForm(Pkcs8 pkcs8) {
        String name = ALGORITHMS.get(pkcs8.algorithm());
        if (!EC.equals(name)) {
            return name != null && !name.equals("DSA");
        }
        return pkcs8.curve()
                .map(curve -> OPAQUE_CURVES.contains(HexFormat.of().formatHex(curve)))
                .orElse(false);
    }

    /**
     * Makes a key.
     *
     * @param text the key, in any form that is read
     * @param passphrase passphrase of an encrypted key; read for such a key only
     * @throws MalformedSecretException if it is not a key of a known algorithm
     */
    static PrivateKey read(SourceSecret text, @Nullable Secret passphrase) {
        return PrivateKeyText.readPkcs8(text, passphrase, KeyMaker::key);
    }

    @SuppressWarnings("PreserveStackTrace")
    private static PrivateKey key(Pkcs8 pkcs8) {
        String name = ALGORITHMS.get(pkcs8.algorithm());
        if (name == null) {
            throw new MalformedSecretException(
                    pkcs8.position(), "it is a key of an algorithm other than RSA, EC, EdDSA, XDH and DSA");
        }
        ScopedKeySpec spec = new ScopedKeySpec(pkcs8.bytes());
        try {
            return KeyFactory.getInstance(name).generatePrivate(spec);
        } catch (SecretClosedException e) {
            throw e; // A purge happened meanwhile. The key may be valid.
        } catch (GeneralSecurityException | RuntimeException e) {
            // The cause is left out, because it may contain the numbers of the key.
            String curve = name.equals(EC) ? unknownCurve(pkcs8) : null;
            throw new MalformedSecretException(
                    pkcs8.position(), curve == null ? "it is no valid key of the algorithm " + name : curve);
        } finally {
            spec.wipe();
        }
    }

    /** Returns the problem if this Java does not know the curve, or null if the problem is another one. */
    private static @Nullable String unknownCurve(Pkcs8 pkcs8) {
        try {
            Optional<byte[]> curve = pkcs8.curve();
            if (curve.isEmpty()) {
                return "its elliptic curve is not given by name, as this Java needs it";
            }
            AlgorithmParameters.getInstance(EC).init(curve.get());
            return null;
        } catch (MalformedSecretException e) {
            return null;
        } catch (GeneralSecurityException | IOException e) {
            return "it is of an elliptic curve that this Java does not know";
        }
    }

    /** Hands out copies of the key, and wipes them afterwards. The JDK's own class keeps a copy that nothing wipes. */
    private static final class ScopedKeySpec extends PKCS8EncodedKeySpec {

        private final SecretView der;
        private final List<byte[]> copies = new ArrayList<>();

        ScopedKeySpec(SecretView der) {
            super(new byte[0]);
            this.der = der;
        }

        @Override
        public byte[] getEncoded() {
            byte[] copy = new byte[der.length()];
            copies.add(copy);
            der.copyTo(0, copy, 0, copy.length);
            return copy;
        }

        void wipe() {
            copies.forEach(copy -> Arrays.fill(copy, (byte) 0));
        }
    }
}
