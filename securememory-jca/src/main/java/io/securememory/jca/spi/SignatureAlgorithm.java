package io.securememory.jca.spi;

import io.securememory.jca.engine.Digest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A signature algorithm by its name in the JCA.
 *
 * @param name the name
 * @param family which keys it is for, and how it signs
 * @param digest what messages are digested with; null if it takes a digest as message, or if parameters say it
 * @param plainFormat whether a signature of ECDSA is two numbers of fixed length, and not DER
 * @param aliases other names
 */
record SignatureAlgorithm(
        String name, Family family, @Nullable Digest digest, boolean plainFormat, List<String> aliases) {

    /** How it signs. */
    enum Family {
        /** RSASSA-PKCS1-v1_5. */
        PKCS1,
        /** RSASSA-PSS. */
        PSS,
        /** ECDSA. */
        ECDSA,
        /** Ed25519 and Ed448. */
        EDDSA
    }

    private static final List<Digest> DIGESTS = List.of(Digest.SHA_256, Digest.SHA_384, Digest.SHA_512);

    /** Returns all algorithms of this provider. */
    static List<SignatureAlgorithm> all() {
        List<SignatureAlgorithm> all = new ArrayList<>();
        for (Digest digest : DIGESTS) {
            String name = digest.shortName();
            all.add(new SignatureAlgorithm(name + "withRSA", Family.PKCS1, digest, false, List.of()));
            all.add(new SignatureAlgorithm(name + "withECDSA", Family.ECDSA, digest, false, List.of()));
            all.add(new SignatureAlgorithm(name + "withECDSAinP1363Format", Family.ECDSA, digest, true, List.of()));
        }
        all.add(new SignatureAlgorithm("NONEwithECDSA", Family.ECDSA, null, false, List.of()));
        all.add(new SignatureAlgorithm("NONEwithECDSAinP1363Format", Family.ECDSA, null, true, List.of()));
        all.add(new SignatureAlgorithm("RSASSA-PSS", Family.PSS, null, false, List.of("1.2.840.113549.1.1.10")));
        all.add(new SignatureAlgorithm("EdDSA", Family.EDDSA, null, false, List.of()));
        all.add(new SignatureAlgorithm("Ed25519", Family.EDDSA, null, false, List.of("1.3.101.112")));
        all.add(new SignatureAlgorithm("Ed448", Family.EDDSA, null, false, List.of("1.3.101.113")));
        return all;
    }
}
