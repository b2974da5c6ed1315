package io.securememory.jca.spi;

import io.securememory.SecureMemoryException;
import io.securememory.jca.engine.Curve;
import io.securememory.jca.engine.Digest;
import io.securememory.jca.engine.KeyShape;
import io.securememory.jca.engine.SignatureScheme;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.InvalidParameterException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Signs with keys in protected memory. Messages are digested by the JDK, as they are not secret. Signatures are
 * verified by other providers.
 */
final class ProtectedSignature extends SignatureSpi {

    private static final int MOST_OF_NONE = 64;

    private final SignatureAlgorithm algorithm;
    private @Nullable ProtectedPrivateKey key;
    private @Nullable MessageDigest digest;

    /** A message that is signed as a whole, or that is a digest itself. */
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();

    private @Nullable PSSParameterSpec parameters;

    /** Whether a part of a message is in the digest, which other parameters would discard. */
    private boolean digestBegun;

    ProtectedSignature(SignatureAlgorithm algorithm) {
        this.algorithm = algorithm;
    }

    @Override
    protected void engineInitVerify(PublicKey publicKey) throws InvalidKeyException {
        throw new InvalidKeyException("Signatures are verified by other providers: ask for one without a provider.");
    }

    /**
     * Takes a key also when it has ended: JSSE takes an exception from here for a missing algorithm, and tells nobody
     * the reason. The exception from signing is reported.
     */
    @Override
    protected void engineInitSign(PrivateKey privateKey) throws InvalidKeyException {
        if (!(privateKey instanceof ProtectedPrivateKey usable)) {
            throw new InvalidKeyException("The key is not in protected memory; make one with ProtectedKeys.");
        }
        try {
            requireFit(usable.shape());
        } catch (IllegalStateException e) {
            throw new InvalidKeyException("The key cannot be used: " + e.getMessage(), e);
        }
        key = usable;
        reset();
    }

    private void requireFit(KeyShape shape) throws InvalidKeyException {
        boolean fits = switch (algorithm.family()) {
            case PKCS1 -> shape instanceof KeyShape.Rsa rsa && !rsa.pss();
            case PSS -> shape instanceof KeyShape.Rsa;
            case ECDSA -> shape instanceof KeyShape.Ec;
            case EDDSA ->
                shape instanceof KeyShape.Raw raw
                        && raw.kind().signs()
                        && (algorithm.name().equals("EdDSA")
                                || algorithm.name().equals(raw.kind().standardName()));
        };
        if (!fits) {
            throw new InvalidKeyException("A key of " + name(shape) + " does not sign by " + algorithm.name() + ".");
        }
        if (shape instanceof KeyShape.Rsa rsa && parameters != null) {
            requireAllowed(rsa, parameters);
        }
    }

    private static String name(KeyShape shape) {
        return shape instanceof KeyShape.Raw raw ? raw.kind().standardName() : shape.algorithm();
    }

    /** A key of RSASSA-PSS may be limited to some parameters. Source: RFC 4055 section 3.1. */
    private static void requireAllowed(KeyShape.Rsa key, PSSParameterSpec wanted) throws InvalidKeyException {
        PSSParameterSpec limits = key.parameters();
        if (limits == null) {
            return;
        }
        boolean allowed = digest(limits.getDigestAlgorithm()) == digest(wanted.getDigestAlgorithm())
                && maskDigest(limits) == maskDigest(wanted)
                && wanted.getSaltLength() >= limits.getSaltLength();
        if (!allowed) {
            throw new InvalidKeyException("The key is limited to other parameters of RSASSA-PSS.");
        }
    }

    private void reset() throws InvalidKeyException {
        message.reset();
        digestBegun = false;
        Digest used = usedDigest(effectiveParameters());
        try {
            digest = used == null ? null : MessageDigest.getInstance(used.standardName());
        } catch (NoSuchAlgorithmException e) {
            throw new InvalidKeyException("The JDK has no digest " + used, e);
        }
    }

    private @Nullable Digest usedDigest(@Nullable PSSParameterSpec given) {
        if (algorithm.family() != SignatureAlgorithm.Family.PSS) {
            return algorithm.digest();
        }
        return given == null ? null : digest(given.getDigestAlgorithm());
    }

    /** Returns the parameters of PSS that were given, or those of the key, or null. */
    private @Nullable PSSParameterSpec effectiveParameters() {
        ProtectedPrivateKey present = key;
        return parameters != null || present == null ? parameters : effectiveParameters(present.shape());
    }

    private @Nullable PSSParameterSpec effectiveParameters(KeyShape shape) {
        return parameters == null && shape instanceof KeyShape.Rsa rsa ? rsa.parameters() : parameters;
    }

    @Override
    protected void engineUpdate(byte b) throws SignatureException {
        engineUpdate(new byte[] {b}, 0, 1);
    }

    @Override
    protected void engineUpdate(byte[] bytes, int from, int length) throws SignatureException {
        MessageDigest used = requireBegun();
        if (used != null) {
            used.update(bytes, from, length);
        } else {
            message.write(bytes, from, length);
        }
    }

    @Override
    protected void engineUpdate(ByteBuffer input) {
        try {
            MessageDigest used = requireBegun();
            if (used != null) {
                used.update(input);
                return;
            }
            byte[] copy = new byte[input.remaining()];
            input.get(copy);
            message.write(copy, 0, copy.length);
        } catch (SignatureException e) {
            throw new ProviderException(e);
        }
    }

    private @Nullable MessageDigest requireBegun() throws SignatureException {
        if (algorithm.family() == SignatureAlgorithm.Family.PSS && digest == null) {
            throw new SignatureException("RSASSA-PSS needs parameters: call setParameter with a PSSParameterSpec.");
        }
        digestBegun = digest != null;
        return digest;
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
        ProtectedPrivateKey used = key;
        if (used == null) {
            throw new SignatureException("There is no key: call initSign first.");
        }
        MessageDigest digested = requireBegun();
        byte[] input = digested == null ? message.toByteArray() : digested.digest();
        message.reset();
        digestBegun = false;
        if (algorithm.family() == SignatureAlgorithm.Family.ECDSA && input.length > MOST_OF_NONE) {
            throw new SignatureException("NONEwithECDSA takes a digest of at most " + MOST_OF_NONE + " bytes.");
        }
        try {
            return used.use((engine, numbers, shape) -> {
                requireFit(shape);
                byte[] signature = engine.sign(numbers, shape, scheme(shape), input);
                return algorithm.plainFormat()
                        ? EcdsaFormat.plain(signature, ((KeyShape.Ec) shape).curve())
                        : signature;
            });
        } catch (SignatureException e) {
            throw e;
        } catch (GeneralSecurityException | SecureMemoryException | IllegalStateException e) {
            throw new SignatureException("The key cannot sign: " + e.getMessage(), e);
        }
    }

    /** Asks the key for nothing: it may be replaced meanwhile, and its parameters with it. */
    private SignatureScheme scheme(KeyShape shape) {
        PSSParameterSpec pss = effectiveParameters(shape);
        Digest used = usedDigest(pss);
        return switch (algorithm.family()) {
            case PKCS1 -> new SignatureScheme.Pkcs1(Objects.requireNonNull(used));
            case PSS -> {
                if (pss == null || used == null) {
                    throw new IllegalStateException(
                            "the key was replaced by one that has no parameters of RSASSA-PSS: call setParameter");
                }
                yield new SignatureScheme.Pss(used, maskDigest(pss), pss.getSaltLength());
            }
            case ECDSA -> new SignatureScheme.Ecdsa(used);
            case EDDSA -> new SignatureScheme.Eddsa();
        };
    }

    @Override
    protected boolean engineVerify(byte[] signature) throws SignatureException {
        throw new SignatureException("Signatures are verified by other providers.");
    }

    @Override
    protected void engineSetParameter(@Nullable AlgorithmParameterSpec given)
            throws InvalidAlgorithmParameterException {
        if (given == null) {
            return;
        }
        if (algorithm.family() != SignatureAlgorithm.Family.PSS) {
            boolean isTheCurve = given instanceof java.security.spec.ECParameterSpec curve
                    && algorithm.family() == SignatureAlgorithm.Family.ECDSA
                    && Curve.of(curve).isPresent();
            if (!isTheCurve) {
                throw new InvalidAlgorithmParameterException(algorithm.name() + " takes no parameters.");
            }
            return;
        }
        if (!(given instanceof PSSParameterSpec pss)) {
            throw new InvalidAlgorithmParameterException("RSASSA-PSS takes a PSSParameterSpec.");
        }
        requireSupported(pss);
        if (digestBegun) {
            throw new InvalidAlgorithmParameterException("The parameters cannot be changed inside a message.");
        }
        try {
            if (key != null && key.shape() instanceof KeyShape.Rsa rsa) {
                requireAllowed(rsa, pss);
            }
            parameters = pss;
            reset();
        } catch (InvalidKeyException e) {
            throw new InvalidAlgorithmParameterException(e.getMessage(), e);
        }
    }

    private static void requireSupported(PSSParameterSpec given) throws InvalidAlgorithmParameterException {
        boolean supported = digest(given.getDigestAlgorithm()) != null
                && given.getMGFAlgorithm().equals("MGF1")
                && given.getMGFParameters() instanceof MGF1ParameterSpec mask
                && digest(mask.getDigestAlgorithm()) != null
                && given.getTrailerField() == PSSParameterSpec.TRAILER_FIELD_BC
                && given.getSaltLength() >= 0;
        if (!supported) {
            throw new InvalidAlgorithmParameterException(
                    "RSASSA-PSS is supported with digests of SHA-1 and SHA-2, MGF1 and the trailer 1.");
        }
    }

    private static @Nullable Digest digest(String name) {
        return Digest.byName(name).orElse(null);
    }

    private static Digest maskDigest(PSSParameterSpec given) {
        String name = ((MGF1ParameterSpec) given.getMGFParameters()).getDigestAlgorithm();
        return Digest.byName(name).orElseThrow(() -> new IllegalStateException("no digest " + name));
    }

    @Override
    protected @Nullable AlgorithmParameters engineGetParameters() {
        PSSParameterSpec given = effectiveParameters();
        if (given == null) {
            return null;
        }
        try {
            AlgorithmParameters made = AlgorithmParameters.getInstance("RSASSA-PSS");
            made.init(given);
            return made;
        } catch (GeneralSecurityException e) {
            throw new ProviderException(e);
        }
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {
        throw new InvalidParameterException("Use setParameter with a PSSParameterSpec.");
    }

    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
        throw new InvalidParameterException("Use getParameters.");
    }
}
