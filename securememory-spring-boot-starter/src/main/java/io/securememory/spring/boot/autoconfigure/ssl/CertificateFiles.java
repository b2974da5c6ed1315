package io.securememory.spring.boot.autoconfigure.ssl;

import io.securememory.MalformedSecretException;
import io.securememory.memguard.MemGuard;
import io.securememory.memguard.PemText;
import io.securememory.memguard.PemText.Block;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.secrets.SecretLocation;
import io.securememory.spring.boot.secrets.SecretLocation.OfClassPath;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ResourceLoader;

/**
 * Certificates, which are public, in files and on the class path.
 *
 * <p>The same file may contain a private key. Files are read into native memory, which is wiped, so that nothing of the key
 * gets onto the heap. The exception is a class path resource, which is read through a stream.
 */
final class CertificateFiles {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateFiles.class);

    /** Labels that OpenSSL writes or used to write. Under these, anything but a certificate is an error. */
    private static final List<String> LABELS =
            List.of("CERTIFICATE", "X509 CERTIFICATE", "X.509 CERTIFICATE", "TRUSTED CERTIFICATE");

    /** Labels that contain the word, but are not of certificates. */
    private static final List<String> REQUESTS = List.of("CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST");

    /** After such a certificate, OpenSSL writes what it is trusted for. */
    private static final String TRUSTED = "TRUSTED CERTIFICATE";

    /** Label of an envelope that contains certificates. */
    private static final String PKCS7 = "PKCS7";

    private static final String NO_CERTIFICATE = "it holds no certificate";
    private static final String SOMETHING_ELSE = "it holds something else than certificates";

    private final String property;
    private final String location;

    private CertificateFiles(String property, String location) {
        this.property = property;
        this.location = location;
    }

    /**
     * Reads certificates.
     *
     * @param property the property that the location comes from
     * @return at least one certificate
     * @throws DeclaredSecretException if there is none
     */
    @SuppressWarnings("PreserveStackTrace")
    static List<X509Certificate> read(String property, @Nullable String location, ResourceLoader resources) {
        SecretLocation checked;
        try {
            checked = SecretLocation.of(location, resources);
        } catch (IllegalArgumentException e) {
            throw SslFailures.badLocation(property, String.valueOf(e.getMessage()));
        }
        return new CertificateFiles(property, String.valueOf(location)).read(checked);
    }

    @SuppressWarnings("PreserveStackTrace")
    private List<X509Certificate> read(SecretLocation from) {
        if (from.isDirectory()) {
            throw failure("it is a directory", null);
        }
        ByteBuffer text;
        try {
            text = text(from);
        } catch (IOException e) {
            throw SslFailures.notReadable(property, location, from.file(), e);
        }
        try {
            List<X509Certificate> certificates = certificates(text);
            if (certificates.isEmpty()) {
                throw failure(NO_CERTIFICATE, null);
            }
            return certificates;
        } catch (CertificateException e) {
            // The cause is left out: the file may contain the private key, by mistake.
            throw failure(SOMETHING_ELSE, null);
        } catch (MalformedSecretException e) {
            throw failure(e.problem(), null);
        } finally {
            MemGuard.wipe(text.clear());
        }
    }

    private DeclaredSecretException failure(String problem, @Nullable Throwable cause) {
        String end = problem.endsWith(".") ? problem.substring(0, problem.length() - 1) : problem;
        return SslFailures.noCertificate(property, location, end, cause);
    }

    private static ByteBuffer text(SecretLocation from) throws IOException {
        Path file = from.file();
        if (file != null) {
            return NativeText.read(file);
        }
        if (from instanceof OfClassPath resource) {
            try (InputStream in = resource.resource().getInputStream()) {
                return NativeText.read(in);
            }
        }
        throw new FileNotFoundException();
    }

    private List<X509Certificate> certificates(ByteBuffer text) throws CertificateException {
        PemText pem = PemText.of(text);
        if (pem.isPem()) {
            List<X509Certificate> certificates = certificates(pem);
            return certificates.isEmpty() ? inEnvelope(pem) : certificates;
        }
        byte[] der = new byte[text.limit()];
        try {
            text.get(0, der);
            return parsed(der);
        } finally {
            Arrays.fill(der, (byte) 0); // It may be a key, by mistake.
        }
    }

    /**
     * Returns the certificates in PEM text. One that cannot be read is left out with a warning, while Spring Boot leaves it out
     * silently. If none is left, this fails. The same holds for a block that is no certificate but has an unusual label with
     * that word, because Spring Boot reads every such label.
     */
    private List<X509Certificate> certificates(PemText pem) throws CertificateException {
        Set<Integer> requests = begins(pem, REQUESTS);
        Set<Integer> usual = begins(pem, LABELS);
        Set<Integer> trusted = begins(pem, List.of(TRUSTED));
        List<X509Certificate> certificates = new ArrayList<>();
        List<MalformedSecretException> failures = new ArrayList<>();
        for (Block block : pem.certificates()) {
            if (requests.contains(block.begin())) {
                continue;
            }
            try {
                certificates.addAll(parsed(pem, block, trusted.contains(block.begin())));
            } catch (MalformedSecretException e) {
                failures.add(e);
            } catch (CertificateException e) {
                if (usual.contains(block.begin())) {
                    throw e;
                }
                failures.add(new MalformedSecretException(block.begin(), SOMETHING_ELSE));
            }
        }
        if (certificates.isEmpty() && !failures.isEmpty() && pem.blocks(PKCS7).isEmpty()) {
            throw failures.get(0);
        }
        failures.forEach(
                failure -> LOG.warn("A certificate of {} ({}) is left out: {}", location, property, failure.problem()));
        return certificates;
    }

    private static Set<Integer> begins(PemText pem, List<String> labels) {
        return labels.stream()
                .flatMap(label -> pem.blocks(label).stream())
                .map(Block::begin)
                .collect(Collectors.toSet());
    }

    /** Parses a block. A block without the outline of a certificate may be a key, so it is not copied to the heap. */
    private static List<X509Certificate> parsed(PemText pem, Block block, boolean trusted) throws CertificateException {
        if (!pem.isOutlineOfCertificate(block)) {
            throw new CertificateException(SOMETHING_ELSE);
        }
        byte[] der = pem.publicBytes(block);
        return trusted
                ? List.of((X509Certificate)
                        CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der)))
                : parsed(der);
    }

    private static List<X509Certificate> inEnvelope(PemText pem) throws CertificateException {
        List<Block> envelopes = pem.blocks(PKCS7);
        if (envelopes.isEmpty()) {
            throw new CertificateException(NO_CERTIFICATE);
        }
        return parsed(pem.publicBytes(envelopes.get(0)));
    }

    private static List<X509Certificate> parsed(byte[] der) throws CertificateException {
        Collection<? extends Certificate> certificates =
                CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(der));
        return certificates.stream().map(X509Certificate.class::cast).toList();
    }
}
