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
 * Certificates at one location. They are read again when their file may have changed.
 *
 * <p>Threading: not safe for use by several threads at once.
 */
final class WatchedCertificates {

    /** Most reads of a file that changes while it is read. */
    private static final int ATTEMPTS = 5;

    private final String property;
    private final @Nullable String location;
    private final ResourceLoader resources;

    /** Null if the certificates are not in a file: those on the class path do not change. */
    private final @Nullable SeenFile file;

    /** The certificates that were read last. */
    private @Nullable List<X509Certificate> last;

    /** @param property the property that the location comes from */
    WatchedCertificates(String property, @Nullable String location, ResourceLoader resources) {
        this.property = property;
        this.location = location;
        this.resources = resources;
        this.file = fileOf(location, resources);
    }

    /** Returns the file, or null if there is none. An invalid location is reported when it is read. */
    private static @Nullable SeenFile fileOf(@Nullable String location, ResourceLoader resources) {
        try {
            return SecretLocation.of(location, resources) instanceof OfFile file ? new SeenFile(file::file) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Tells whether the certificates may have changed since they were read last. */
    boolean mayHaveChanged() {
        return last == null || (file != null && file.mayHaveChanged());
    }

    /** Tells whether the file certainly does not exist. */
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
     * Returns the current certificates, from a file that did not change while it was read.
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

    /** Refuses a file such as a pipe, whose reading could block for ever. */
    private void requireRegular(@Nullable FileStamp stamp) {
        if (stamp != null && !stamp.regular() && !Files.isDirectory(stamp.path())) {
            throw SslFailures.noCertificate(property, String.valueOf(location), "it is not a regular file", null);
        }
    }

    /** Reads once. Returns null if that failed because the file changed while it was read, and may have been incomplete. */
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
