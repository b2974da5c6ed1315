package io.securememory.spring.boot.autoconfigure.ssl;

import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.properties.SecureMemorySslProperties;
import io.securememory.spring.boot.properties.SecureMemorySslProperties.Bundle;
import io.securememory.spring.boot.secrets.DeclaredSecrets;
import io.securememory.spring.boot.secrets.SecretRotation;
import io.securememory.spring.boot.watch.SecretWatch;
import io.securememory.spring.boot.watch.Uninterrupted;
import java.security.Provider;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.StringUtils;

/**
 * Registers SSL bundles whose private keys are declared secrets, and adds them to the watch. Each bundle is checked at the
 * interval of its key, and when the key is reloaded.
 *
 * <p>The bundle holds an opaque key: its numbers stay in protected memory, also while SSL uses it. What is made from the bundle
 * once, such as a client, uses the key and the certificates that the bundle has at each handshake.
 */
final class SecretSslBundles implements SslBundleRegistrar {

    /** Longest time that the update of a bundle delays the notification of other listeners of the secret. */
    private static final Duration LONGEST_UPDATE = Duration.ofSeconds(3);

    private final Map<String, Bundle> bundles;
    private final SecretStore secrets;
    private final DeclaredSecrets declared;
    private final SecretWatch watch;
    private final ResourceLoader resources;
    private final OpaqueKeys keys;
    private final Provider provider;
    private final InstantSource clock;

    /** @param provider the one of keys in protected memory */
    @SuppressWarnings("checkstyle:ParameterNumber")
    SecretSslBundles(
            SecureMemorySslProperties properties,
            SecretStore secrets,
            DeclaredSecrets declared,
            SecretWatch watch,
            ResourceLoader resources,
            OpaqueKeys keys,
            Provider provider,
            InstantSource clock) {
        this.bundles = new TreeMap<>(properties.bundle());
        this.secrets = secrets;
        this.declared = declared;
        this.watch = watch;
        this.resources = resources;
        this.keys = keys;
        this.provider = provider;
        this.clock = clock;
    }

    @Override
    public void registerBundles(SslBundleRegistry registry) {
        bundles.forEach((name, bundle) -> register(name, bundle, registry));
    }

    private void register(String name, Bundle bundle, SslBundleRegistry registry) {
        SecretRotation rotation = rotation(bundle.privateKey());
        SecretRotation password = rotation(bundle.privateKeyPassword());
        BundleKey key = new BundleKey(name, bundle, secrets, rotation, password, keys);
        Duration interval = rotation == null ? null : rotation.interval();
        WatchedBundle watched = new WatchedBundle(
                name,
                key,
                certificates(name, "certificate", bundle.certificate()),
                trusted(name, bundle.trustCertificate()),
                interval,
                provider,
                registry,
                clock);
        watched.register();
        follow(watched, key, bundle.privateKey(), rotation);
        follow(watched, key, bundle.privateKeyPassword(), password);
        watch.add(watched);
    }

    private @Nullable SecretRotation rotation(@Nullable String secret) {
        return secret == null ? null : declared.rotation(secret);
    }

    private void follow(
            WatchedBundle watched, BundleKey key, @Nullable String secret, @Nullable SecretRotation rotation) {
        if (secret == null) {
            return;
        }
        // A user of the bundle may never return. That must not keep other listeners from being notified of the secret.
        Runnable update = () -> Uninterrupted.runBriefly(
                () -> {
                    watched.follow();
                    watched.tell();
                },
                LONGEST_UPDATE);
        if (rotation != null) {
            declared.addDependent(rotation.name(), update);
        } else { // The secret comes from another store, which may replace it.
            secrets.addListener(rotated -> {
                if (rotated.equals(secret)) {
                    key.changed();
                    update.run();
                }
            });
        }
    }

    private WatchedCertificates certificates(String name, String property, @Nullable String location) {
        return new WatchedCertificates(SslFailures.property(name, property), location, resources);
    }

    /** Returns the trusted certificates, or null for those of the JVM. */
    private @Nullable WatchedCertificates trusted(String name, @Nullable String location) {
        return StringUtils.hasText(location) ? certificates(name, "trust-certificate", location) : null;
    }
}
