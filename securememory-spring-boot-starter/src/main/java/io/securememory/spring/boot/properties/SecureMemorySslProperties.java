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

    /** What these properties begin with. */
    public static final String PREFIX = "securememory.ssl";

    /** Keeps the settings. */
    public SecureMemorySslProperties {
        bundle = Map.copyOf(SecretNames.withoutAliases(bundle));
    }

    /**
     * One SSL bundle.
     *
     * @param privateKey Name of the declared secret that is the private key: PKCS#8, PKCS#1 or SEC 1, as PEM text or DER bytes,
     *     of RSA, EC or EdDSA. On the Java heap and unprotected once SSL uses it.
     * @param privateKeyPassword Name of the declared secret that the private key is encrypted by. Unset for a key that is not
     *     encrypted.
     * @param certificate Where the certificate and its chain are, as PEM text or DER bytes: after {@code file:} or
     *     {@code classpath:}. A file is looked at as often as that of the key.
     * @param trustCertificate Where the certificates are that peers are trusted by, in the same way. Unset for those of the
     *     virtual machine.
     */
    public record Bundle(
            @Nullable String privateKey,
            @Nullable String privateKeyPassword,
            @Nullable String certificate,
            @Nullable String trustCertificate) {

        /** Leaves out all values, which are no secrets unless someone took one of the properties for something else. */
        @Override
        public String toString() {
            return "Bundle[]";
        }
    }
}
