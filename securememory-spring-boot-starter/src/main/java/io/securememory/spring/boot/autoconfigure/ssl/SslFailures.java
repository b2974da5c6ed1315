package io.securememory.spring.boot.autoconfigure.ssl;

import io.securememory.MalformedSecretException;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import io.securememory.spring.boot.properties.SecretNames;
import io.securememory.spring.boot.properties.SecureMemorySslProperties;
import io.securememory.spring.boot.secrets.FileAccess;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Failures of SSL bundles whose keys are declared secrets, with the remedies. */
final class SslFailures {

    private SslFailures() {}

    /** Returns the name of a bundle's property, as users write it. */
    static String property(String bundle, String property) {
        return SecretNames.property(SecureMemorySslProperties.PREFIX + ".bundle", bundle, property);
    }

    /** The property does not name a secret that exists. */
    static DeclaredSecretException noSecret(String property, Set<String> names) {
        return new DeclaredSecretException(
                Reason.DECLARATION,
                "The property " + property
                        + " does not name a declared secret. Its value is not shown, because it may be"
                        + " the secret itself.",
                "Declare it as a secret, by securememory.secrets.<name>.location, and set " + property
                        + " to its name. Loaded secrets: " + names,
                null);
    }

    /** The secret is not a key. */
    static DeclaredSecretException badKey(String bundle, String property, String secret, MalformedSecretException e) {
        return new DeclaredSecretException(
                "The secret '" + secret + "' (" + property + ") is no private key for SSL: " + e.problem(),
                """
                Write the key in PKCS#8, PKCS#1 or SEC 1, as PEM text or DER bytes, of RSA, EC or EdDSA.
                - openssl pkcs8 -topk8 -nocrypt -in <key> -out <file> makes it of other files.
                - If it is encrypted, declare its passphrase as a secret, too, and set %s to its name.""".formatted(property(bundle, "private-key-password")),
                e.position());
    }

    /** The location of certificates is not a valid location. */
    static DeclaredSecretException badLocation(String property, String problem) {
        return new DeclaredSecretException(
                Reason.DECLARATION,
                "The property " + property + " " + problem + ".",
                "Set " + property + " to where the certificate is, after file: or classpath:.",
                null);
    }

    /** There are no certificates. */
    static DeclaredSecretException noCertificate(
            String property, String location, String problem, @Nullable Throwable cause) {
        return new DeclaredSecretException(
                Reason.MALFORMED,
                "No certificate can be read from " + location + " (" + property + "): " + problem + ".",
                "Set " + property + " to a file of X.509 certificates, as PEM text or DER bytes.",
                cause);
    }

    /**
     * The file cannot be read.
     *
     * @param file null if the location is not a file
     */
    static DeclaredSecretException notReadable(
            String property, String location, @Nullable Path file, IOException cause) {
        if (file != null && !Files.notExists(file) && !Files.isReadable(file)) {
            return new DeclaredSecretException(
                    Reason.UNREADABLE,
                    "No certificate can be read from " + location + " (" + property + "): " + FileAccess.problem(file)
                            + ".",
                    FileAccess.remedy(property),
                    cause);
        }
        boolean missing = cause instanceof FileNotFoundException || cause instanceof NoSuchFileException;
        String problem = missing
                ? "it does not exist"
                : "it cannot be read (" + cause.getClass().getSimpleName() + ")";
        return noCertificate(property, location, problem, cause);
    }

    /** The key and the certificate do not belong together. */
    static DeclaredSecretException noPair(String privateKey, String certificate) {
        return new DeclaredSecretException(
                Reason.MALFORMED,
                "The private key of " + privateKey + " is not that of the first certificate of " + certificate + ".",
                "Set both to files that were made together. The certificate of the key comes first in its file, then those"
                        + " of its issuers.",
                null);
    }
}
