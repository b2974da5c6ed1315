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
import java.util.Comparator;
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
 * <p>A private key may be in the same file. It is read into native memory, which is wiped, and nothing of it comes to the heap,
 * except through the stream of a resource.
 */
final class CertificateFiles {

    private static final Logger LOG = LoggerFactory.getLogger(CertificateFiles.class);

    /** What OpenSSL writes, and what it did before. */
    private static final List<String> LABELS =
            List.of("CERTIFICATE", "X509 CERTIFICATE", "X.509 CERTIFICATE", "TRUSTED CERTIFICATE");

    /** Begins as one of them, and is none. */
    private static final String REQUEST = "CERTIFICATE REQUEST";

    /** Certificates in an envelope. */
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
     * @param property where the location is from
     * @return at least one
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
            // Without its cause, as a file with the private key in it would be in the wrong place here.
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
            Arrays.fill(der, (byte) 0); // Should it be a key, in the wrong place.
        }
    }

    /** What cannot be read is left out, as Spring Boot does, but not in silence; unless nothing is left. */
    private List<X509Certificate> certificates(PemText pem) throws CertificateException {
        Set<Integer> requests = pem.blocks(REQUEST).stream().map(Block::begin).collect(Collectors.toSet());
        List<Block> blocks = LABELS.stream()
                .flatMap(label -> pem.blocks(label).stream())
                .filter(block -> !requests.contains(block.begin()))
                .sorted(Comparator.comparingInt(Block::begin))
                .toList();
        List<X509Certificate> certificates = new ArrayList<>();
        List<MalformedSecretException> failures = new ArrayList<>();
        for (Block block : blocks) {
            byte[] der;
            try {
                der = pem.publicBytes(block);
            } catch (MalformedSecretException e) {
                failures.add(e);
                continue;
            }
            certificates.addAll(parsed(der, block));
        }
        if (certificates.isEmpty() && !failures.isEmpty()) {
            throw failures.get(0);
        }
        failures.forEach(
                failure -> LOG.warn("A certificate of {} ({}) is left out: {}", location, property, failure.problem()));
        return certificates;
    }

    /** Behind a trusted one, OpenSSL writes what it is trusted for. */
    private static List<X509Certificate> parsed(byte[] der, Block block) throws CertificateException {
        return block.label().startsWith("TRUSTED")
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
