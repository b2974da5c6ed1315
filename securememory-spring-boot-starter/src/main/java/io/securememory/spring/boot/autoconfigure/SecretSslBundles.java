package io.securememory.spring.boot.autoconfigure;

import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.memguard.MemGuard;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.SecureMemorySslProperties.Bundle;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.pem.PemSslStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.StringUtils;

/**
 * Registers SSL bundles whose private keys are declared secrets, and updates them when these are rotated.
 *
 * <p>The key is protected until a bundle is made of it. From then on it is on the heap for as long as the bundle is used,
 * because the JDK's SSL takes it from nowhere else.
 */
final class SecretSslBundles implements SslBundleRegistrar {

    private static final Logger LOG = LoggerFactory.getLogger(SecretSslBundles.class);

    private final Map<String, Bundle> bundles;
    private final SecretStore secrets;
    private final MemGuard guard;
    private final ResourceLoader resources;

    SecretSslBundles(
            SecureMemorySslProperties properties, SecretStore secrets, MemGuard guard, ResourceLoader resources) {
        this.bundles = new TreeMap<>(properties.bundle());
        this.secrets = secrets;
        this.guard = guard;
        this.resources = resources;
    }

    @Override
    public void registerBundles(SslBundleRegistry registry) {
        bundles.forEach((name, bundle) -> registry.registerBundle(name, bundle(name, bundle)));
        if (!bundles.isEmpty()) {
            secrets.addListener(secret -> bundles.forEach((name, bundle) -> {
                if (secret.equals(bundle.privateKey())) {
                    update(name, bundle, registry);
                }
            }));
        }
    }

    private void update(String name, Bundle bundle, SslBundleRegistry registry) {
        SslBundle next;
        try {
            next = bundle(name, bundle);
        } catch (DeclaredSecretException e) {
            LOG.error("The SSL bundle '{}' keeps its old key and certificate. {} {}", name, e.getMessage(), e.remedy());
            return;
        }
        registry.updateBundle(name, next);
    }

    /**
     * Makes a bundle of the current content of its secret and files.
     *
     * @throws DeclaredSecretException if key or certificates are not what they should be
     */
    private SslBundle bundle(String name, Bundle bundle) {
        PrivateKey key = key(name, bundle);
        List<X509Certificate> chain =
                CertificateFiles.read(property(name, "certificate"), bundle.certificate(), resources);
        if (!CertificateFiles.isPair(key, chain.get(0))) {
            throw SslFailures.noPair(property(name, "private-key"), property(name, "certificate"));
        }
        return SslBundle.of(new PemSslStoreBundle(PemSslStore.of(chain, key), trusted(name, bundle)));
    }

    private PrivateKey key(String name, Bundle bundle) {
        String property = property(name, "private-key");
        Secret secret = secret(property, bundle.privateKey());
        try {
            return secret.<PrivateKey, RuntimeException>withBytes(text -> PrivateKeyReader.read(text, guard));
        } catch (MalformedSecretException e) {
            throw SslFailures.badKey(property, String.valueOf(bundle.privateKey()), e);
        }
    }

    /** The value is not shown unless it is the name of a secret: it may be the key itself. */
    private Secret secret(String property, @Nullable String name) {
        return (name == null ? Optional.<Secret>empty() : secrets.find(name))
                .orElseThrow(() -> SslFailures.noSecret(property, secrets.names()));
    }

    /** Null for the certificates of the virtual machine. */
    private @Nullable PemSslStore trusted(String name, Bundle bundle) {
        if (!StringUtils.hasText(bundle.trustCertificate())) {
            return null;
        }
        return PemSslStore.of(
                CertificateFiles.read(property(name, "trust-certificate"), bundle.trustCertificate(), resources), null);
    }

    private static String property(String name, String property) {
        return SslFailures.property(name, property);
    }
}
