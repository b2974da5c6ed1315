package io.securememory.spring.boot.autoconfigure.ssl;

import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.secrets.SecretLocation;
import io.securememory.spring.boot.secrets.SecretLocation.OfFile;
import io.securememory.spring.boot.watch.FileStamp;
import io.securememory.spring.boot.watch.SeenFile;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ResourceLoader;

/**
 * Certificates of one location, which are read again when their file looks changed.
 *
 * <p>Threading: not safe for use by several threads at once.
 */
final class WatchedCertificates {

    /** Reads of a file that changes meanwhile. */
    private static final int ATTEMPTS = 5;

    private final String property;
    private final @Nullable String location;
    private final ResourceLoader resources;

    /** Null if they are in no file: those of the class path do not change. */
    private final @Nullable SeenFile file;

    /** What was read last. */
    private @Nullable List<X509Certificate> last;

    /** @param property where the location is from */
    WatchedCertificates(String property, @Nullable String location, ResourceLoader resources) {
        this.property = property;
        this.location = location;
        this.resources = resources;
        this.file = fileOf(location, resources);
    }

    /** What is no location is told when it is read. */
    private static @Nullable SeenFile fileOf(@Nullable String location, ResourceLoader resources) {
        try {
            return SecretLocation.of(location, resources) instanceof OfFile file ? new SeenFile(file::file) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Tells whether they have to be read to know what they are. */
    boolean mayHaveChanged() {
        return last == null || (file != null && file.mayHaveChanged());
    }

    /** Tells whether there surely is no file. */
    boolean isMissing() {
        return file != null && Files.notExists(file.file());
    }

    /** Waits while their file is being written to in place. */
    void awaitQuiet() {
        if (file != null && last != null) {
            file.awaitQuiet();
        }
    }

    /**
     * Returns the certificates of now, from a file that did not change while it was read.
     *
     * @throws DeclaredSecretException if there are none
     */
    List<X509Certificate> read() {
        List<X509Certificate> known = last;
        if (known != null && !mayHaveChanged()) {
            return known;
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            FileStamp before = file == null ? null : file.stamp();
            requireRegular(before);
            List<X509Certificate> read = readOnce(before);
            if (read != null && (file == null || Objects.equals(before, file.stamp()))) {
                if (file != null) {
                    file.read(before);
                }
                last = read;
                return read;
            }
        }
        throw SslFailures.noCertificate(
                property, String.valueOf(location), "it changed each time while it was read", null);
    }

    /** A pipe would block whoever reads it, for ever. */
    private void requireRegular(@Nullable FileStamp stamp) {
        if (stamp != null && !stamp.regular() && !Files.isDirectory(stamp.path())) {
            throw SslFailures.noCertificate(property, String.valueOf(location), "it is not a regular file", null);
        }
    }

    /** Null if what is there was changed while it was read, and may be no whole file therefore. */
    private @Nullable List<X509Certificate> readOnce(@Nullable FileStamp before) {
        try {
            return CertificateFiles.read(property, location, resources);
        } catch (DeclaredSecretException e) {
            if (file != null && !Objects.equals(before, file.stamp())) {
                return null;
            }
            throw e;
        }
    }

    @Override
    public String toString() {
        return location + " (" + property + ")";
    }
}
