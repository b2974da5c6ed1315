package io.securememory.spring.boot.autoconfigure;

import io.securememory.spring.boot.DeclaredSecretException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ResourceLoader;

/** Certificates, which are public, in files and on the class path. */
final class CertificateFiles {

    private CertificateFiles() {}

    /**
     * Reads certificates.
     *
     * @param property where the location is from
     * @return at least one
     * @throws DeclaredSecretException if there is none
     */
    @SuppressWarnings("PreserveStackTrace")
    static List<X509Certificate> read(String property, @Nullable String location, ResourceLoader resources) {
        try {
            SecretLocation.of(location, resources);
        } catch (IllegalArgumentException e) {
            throw SslFailures.badLocation(property, String.valueOf(e.getMessage()));
        }
        String checked = String.valueOf(location);
        try (InputStream in = resources.getResource(checked).getInputStream()) {
            List<X509Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (certificates.isEmpty()) {
                throw SslFailures.noCertificate(property, checked, "it holds no certificate", null);
            }
            return certificates;
        } catch (FileNotFoundException | NoSuchFileException e) {
            throw SslFailures.noCertificate(property, checked, "it does not exist", e);
        } catch (IOException e) {
            throw SslFailures.noCertificate(
                    property, checked, "it cannot be read (" + e.getClass().getSimpleName() + ")", e);
        } catch (CertificateException e) {
            // Without its cause, as a file with the private key in it would be in the wrong place here.
            throw SslFailures.noCertificate(property, checked, "it holds something else than certificates", null);
        }
    }

    /** Tells whether a private key is that of a certificate. True for algorithms that need parameters to sign. */
    static boolean isPair(PrivateKey key, Certificate certificate) {
        PublicKey publicKey = certificate.getPublicKey();
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            case "EdDSA", "Ed25519", "Ed448" -> "EdDSA";
            default -> "";
        };
        if (algorithm.isEmpty()) {
            return true;
        }
        try {
            byte[] message = "a key and a certificate".getBytes(StandardCharsets.US_ASCII);
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(key);
            signer.update(message);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(publicKey);
            verifier.update(message);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false; // A key of another algorithm.
        }
    }
}
