package io.securememory.spring.boot.properties;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of SSL bundles.
 *
 * @param bundle SSL bundles whose private keys are declared secrets, by name.
 */
@ConfigurationProperties(SecureMemorySslProperties.PREFIX)
public record SecureMemorySslProperties(@DefaultValue Map<String, Bundle> bundle) {

    /** Prefix of these properties. */
    public static final String PREFIX = "securememory.ssl";

    /** Keeps one of each group of names that relaxed binding cannot tell apart. */
    public SecureMemorySslProperties {
        bundle = Map.copyOf(SecretNames.withoutAliases(bundle));
    }

    /**
     * One SSL bundle.
     *
     * @param privateKey Name of the declared secret that is the private key: PKCS#8, PKCS#1 or SEC 1, as PEM text or DER bytes,
     *     of RSA, EC or EdDSA. The key stays in protected memory, also while SSL uses it.
     * @param privateKeyPassword Name of the declared secret that is the passphrase of the private key. Unset for a key that is
     *     not encrypted.
     * @param certificate Location of the certificate and its chain, as PEM text or DER bytes, after {@code file:} or
     *     {@code classpath:}. A file is checked as often as the file of the key.
     * @param trustCertificate Location of the certificates by which peers are trusted, in the same forms. Unset for the
     *     certificates of the JVM.
     */
    public record Bundle(
            @Nullable String privateKey,
            @Nullable String privateKeyPassword,
            @Nullable String certificate,
            @Nullable String trustCertificate) {

        /** Leaves out all values, because someone may have written a secret into one of them by mistake. */
        @Override
        public String toString() {
            return "Bundle[]";
        }
    }
}
