package io.securememory.spring.boot.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.util.Base64URL;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemoryException;
import io.securememory.spring.boot.JwtAlgorithm;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import javax.security.auth.DestroyFailedException;
import org.jspecify.annotations.Nullable;

/** A private key in protected memory, and its public key. */
final class PairKey implements JwtKey {

    /** The salt is as long as the digest. Source: RFC 7518 section 3.5. */
    private static final PSSParameterSpec PSS =
            new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, PSSParameterSpec.TRAILER_FIELD_BC);

    private static final byte[] TRIAL = {'t', 'r', 'i', 'a', 'l'};

    private final JwtAlgorithm algorithm;
    private final String title;
    private final PrivateKey privateKey;
    private final PublicJwk publicKey;
    private final Provider provider;
    private final boolean closes;

    /**
     * Makes a key of a pair, and tries it.
     *
     * @param title how messages call the key
     * @param provider computes with the private key
     * @param closes whether the private key is destroyed with this object, also if this constructor throws
     * @param id the key id, or null for the thumbprint of the public key
     * @throws JwtKeyException if the pair is not of the algorithm
     */
    @SuppressWarnings("checkstyle:ParameterNumber")
    PairKey(
            JwtAlgorithm algorithm,
            String title,
            KeyPair pair,
            Provider provider,
            boolean closes,
            @Nullable String id) {
        this.algorithm = algorithm;
        this.title = title;
        this.privateKey = pair.getPrivate();
        this.provider = provider;
        this.closes = closes;
        try {
            this.publicKey = PublicJwk.of(algorithm, title, pair.getPublic(), id);
            byte[] signature = sign(TRIAL);
            if (!publicKey.verify(new JWSHeader(publicKey.algorithm()), TRIAL, Base64URL.encode(signature))) {
                throw new JwtKeyException(
                        "The private and the public key of the " + title + " do not belong together.",
                        "Give both keys of one pair.",
                        null);
            }
        } catch (JOSEException e) {
            close();
            throw cannotSign(e);
        } catch (Throwable e) {
            close();
            throw e;
        }
    }

    private JwtKeyException cannotSign(Exception cause) {
        return new JwtKeyException(
                "The " + title + " cannot sign by " + algorithm.header() + ": " + cause.getMessage(),
                "Make the key with ProtectedKeys, of the algorithm that tokens are signed by.",
                cause);
    }

    @Override
    public String id() {
        return publicKey.id();
    }

    @Override
    public byte[] sign(byte[] input) {
        try {
            return compute(input);
        } catch (GeneralSecurityException e) {
            if (privateKey.isDestroyed() || e.getCause() instanceof SecretClosedException) {
                SecretClosedException closed = new SecretClosedException("The " + title + " is closed or purged.");
                closed.initCause(e);
                throw closed;
            }
            if (e.getCause() instanceof SecureMemoryException failure) {
                throw failure;
            }
            throw cannotSign(e);
        }
    }

    /** The key comes before the parameters: the JDK chooses the provider by whichever is first. */
    private byte[] compute(byte[] input) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(jcaName(), provider);
        signature.initSign(privateKey);
        if (algorithm == JwtAlgorithm.PS256) {
            signature.setParameter(PSS);
        }
        signature.update(input);
        return signature.sign();
    }

    private String jcaName() {
        return switch (algorithm) {
            case RS256 -> "SHA256withRSA";
            case PS256 -> "RSASSA-PSS";
            case ES256 -> "SHA256withECDSAinP1363Format"; // RFC 7518 section 3.4
            case EDDSA -> "Ed25519";
            case HS256, HS384, HS512 -> throw new IllegalStateException(algorithm + " has no pairs of keys");
        };
    }

    @Override
    public boolean verify(JWSHeader header, byte[] input, Base64URL signature) throws JOSEException {
        return publicKey.verify(header, input, signature);
    }

    @Override
    public JWK publicKey() {
        return publicKey.jwk();
    }

    @Override
    public void close() {
        if (closes) {
            try {
                privateKey.destroy();
            } catch (DestroyFailedException e) {
                throw new IllegalStateException("the private key cannot be destroyed", e);
            }
        }
    }
}
