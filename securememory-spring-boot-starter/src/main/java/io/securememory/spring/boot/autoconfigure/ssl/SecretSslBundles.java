package io.securememory.spring.boot.autoconfigure.ssl;

import io.securememory.memguard.MemGuard;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.properties.SecureMemorySslProperties;
import io.securememory.spring.boot.properties.SecureMemorySslProperties.Bundle;
import io.securememory.spring.boot.secrets.DeclaredSecrets;
import io.securememory.spring.boot.secrets.SecretRotation;
import io.securememory.spring.boot.watch.SecretWatch;
import io.securememory.spring.boot.watch.Uninterrupted;
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
 * Registers SSL bundles whose private keys are declared secrets, and has them watched: each at the interval of its key, and also
 * when that was reloaded.
 *
 * <p>The key is protected until a bundle is made of it. From then on it is on the heap for as long as the bundle is used,
 * because the JDK's SSL takes it from nowhere else.
 */
final class SecretSslBundles implements SslBundleRegistrar {

    /** Others hear of the secret after that, also if the bundle is not made anew yet. */
    private static final Duration LONGEST_UPDATE = Duration.ofSeconds(3);

    private final Map<String, Bundle> bundles;
    private final SecretStore secrets;
    private final DeclaredSecrets declared;
    private final SecretWatch watch;
    private final MemGuard guard;
    private final ResourceLoader resources;
    private final InstantSource clock;

    SecretSslBundles(
            SecureMemorySslProperties properties,
            SecretStore secrets,
            DeclaredSecrets declared,
            SecretWatch watch,
            MemGuard guard,
            ResourceLoader resources,
            InstantSource clock) {
        this.bundles = new TreeMap<>(properties.bundle());
        this.secrets = secrets;
        this.declared = declared;
        this.watch = watch;
        this.guard = guard;
        this.resources = resources;
        this.clock = clock;
    }

    @Override
    public void registerBundles(SslBundleRegistry registry) {
        bundles.forEach((name, bundle) -> register(name, bundle, registry));
    }

    private void register(String name, Bundle bundle, SslBundleRegistry registry) {
        SecretRotation rotation = rotation(bundle.privateKey());
        SecretRotation password = rotation(bundle.privateKeyPassword());
        BundleKey key = new BundleKey(name, bundle, secrets, rotation, password, guard);
        Duration interval = rotation == null ? null : rotation.interval();
        WatchedBundle watched = new WatchedBundle(
                name,
                key,
                certificates(name, "certificate", bundle.certificate()),
                trusted(name, bundle.trustCertificate()),
                interval,
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
        // Whoever uses the bundle may never return, and is to keep nobody else from hearing of the secret.
        Runnable update = () -> Uninterrupted.runBriefly(
                () -> {
                    watched.follow();
                    watched.tell();
                },
                LONGEST_UPDATE);
        if (rotation != null) {
            declared.addDependent(rotation.name(), update);
        } else { // Another store may replace it all the same.
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

    /** Null for the certificates of the virtual machine. */
    private @Nullable WatchedCertificates trusted(String name, @Nullable String location) {
        return StringUtils.hasText(location) ? certificates(name, "trust-certificate", location) : null;
    }
}
