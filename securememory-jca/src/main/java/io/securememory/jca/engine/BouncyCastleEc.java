package io.securememory.jca.engine;

import io.securememory.SecretView;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.SignatureException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.agreement.ECDHBasicAgreement;
import org.bouncycastle.crypto.ec.CustomNamedCurves;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.HMacDSAKCalculator;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.math.ec.ECPoint;
import org.bouncycastle.math.ec.FixedPointCombMultiplier;
import org.bouncycastle.util.BigIntegers;
import org.jspecify.annotations.Nullable;

/** ECDSA and ECDH with BouncyCastle. */
final class BouncyCastleEc {

    private static final Map<Curve, ECDomainParameters> DOMAINS = domains();

    private BouncyCastleEc() {}

    static byte[] sign(SecretView numbers, Curve curve, @Nullable Digest digest, byte[] input)
            throws GeneralSecurityException {
        ECDSASigner signer = new ECDSASigner(
                new HMacDSAKCalculator(BouncyCastleDigests.of(digest == null ? usualDigest(curve) : digest)));
        ECPrivateKeyParameters key = key(numbers, curve);
        signer.init(true, key);
        BigInteger[] signature = signer.generateSignature(input);
        try {
            return StandardDSAEncoding.INSTANCE.encode(key.getParameters().getN(), signature[0], signature[1]);
        } catch (IOException e) {
            throw new SignatureException("BouncyCastle cannot encode its signature.");
        }
    }

    static byte[] publicKey(SecretView numbers, Curve curve) {
        ECPrivateKeyParameters key = key(numbers, curve);
        ECPoint point =
                new FixedPointCombMultiplier().multiply(key.getParameters().getG(), key.getD());
        return point.normalize().getEncoded(false);
    }

    /** Returns the shared secret, which the caller wipes. */
    static byte[] agree(SecretView numbers, Curve curve, byte[] peer) throws InvalidKeyException {
        ECPrivateKeyParameters key = key(numbers, curve);
        ECPublicKeyParameters other = new ECPublicKeyParameters(point(curve, peer), key.getParameters());
        ECDHBasicAgreement agreement = new ECDHBasicAgreement();
        agreement.init(key);
        return BigIntegers.asUnsignedByteArray(curve.size(), agreement.calculateAgreement(other));
    }

    private static ECPrivateKeyParameters key(SecretView numbers, Curve curve) {
        return new ECPrivateKeyParameters(HeapNumbers.number(numbers, 0, curve.size()), domain(curve));
    }

    /** Decodes a point and checks that it is on the curve. The curves have no points of a small order. */
    private static ECPoint point(Curve curve, byte[] encoded) throws InvalidKeyException {
        try {
            return domain(curve).getCurve().decodePoint(encoded);
        } catch (IllegalArgumentException e) {
            throw new InvalidKeyException("The other side's public key is not on the curve " + curve.group() + ".");
        }
    }

    private static Digest usualDigest(Curve curve) {
        return switch (curve) {
            case P_256 -> Digest.SHA_256;
            case P_384 -> Digest.SHA_384;
            case P_521 -> Digest.SHA_512;
        };
    }

    private static ECDomainParameters domain(Curve curve) {
        ECDomainParameters domain = DOMAINS.get(curve);
        if (domain == null) {
            throw new IllegalStateException("BouncyCastle has no curve " + curve.group());
        }
        return domain;
    }

    private static Map<Curve, ECDomainParameters> domains() {
        Map<Curve, ECDomainParameters> domains = new EnumMap<>(Curve.class);
        Arrays.stream(Curve.values()).forEach(curve -> {
            X9ECParameters parameters = CustomNamedCurves.getByName(curve.standardName());
            if (parameters != null) {
                domains.put(curve, new ECDomainParameters(parameters));
            }
        });
        return domains;
    }
}
