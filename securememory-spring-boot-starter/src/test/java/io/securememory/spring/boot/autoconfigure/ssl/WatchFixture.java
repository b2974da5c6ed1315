package io.securememory.spring.boot.autoconfigure.ssl;

import static io.securememory.spring.boot.testsupport.Starter.write;

import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.jca.CryptoEngine;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.ProtectionChecks;
import io.securememory.spring.boot.autoconfigure.ProviderRegistration;
import io.securememory.spring.boot.properties.DeclaredSecret;
import io.securememory.spring.boot.properties.SecretEncoding;
import io.securememory.spring.boot.properties.SecureMemorySslProperties;
import io.securememory.spring.boot.properties.SecureMemorySslProperties.Bundle;
import io.securememory.spring.boot.secrets.DeclaredSecrets;
import io.securememory.spring.boot.secrets.SecretRotation;
import io.securememory.spring.boot.watch.SecretWatch;
import io.securememory.spring.boot.watch.WatchAccess;
import io.securememory.spring.boot.watch.WatchStatus;
import io.securememory.spring.boot.watch.Watched;
import io.securememory.testing.Certificates;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.core.io.DefaultResourceLoader;

/** A secret that is the key of a bundle, its files, and a clock: nothing is looked at before a test says so. */
public final class WatchFixture implements AutoCloseable {

    static final Duration INTERVAL = Duration.ofSeconds(1);

    static final String KEY = "tls-key";

    final SecureMemory session = SecureMemory.create();
    final AtomicReference<Instant> time = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    final InstantSource clock = time::get;
    final DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();
    private final ProviderRegistration registration = ProtectionChecks.provider(session);
    private final Path directory;
    private final boolean required;
    private @Nullable DeclaredSecrets secrets;
    private @Nullable SecretWatch watch;
    private @Nullable InUse last;

    public WatchFixture(Path directory, boolean required) {
        this.directory = directory;
        this.required = required;
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    /** The three files as they are at the start. */
    public WatchFixture with(Certificates pair, Certificates trusted) {
        write(directory, "key", pair.keyPem());
        write(directory, "certificate", pair.certificatePem());
        write(directory, "trust", trusted.certificatePem());
        return this;
    }

    /** Loads the secret and registers the bundle. */
    public WatchFixture start() {
        DefaultResourceLoader resources = new DefaultResourceLoader();
        DeclaredSecret declaration = new DeclaredSecret(
                "file:" + file("key"),
                null,
                true,
                SecretEncoding.RAW,
                required,
                INTERVAL,
                Duration.ZERO,
                null,
                null,
                null,
                null,
                null,
                null,
                false);
        DeclaredSecrets loaded = DeclaredSecrets.load(
                session, Map.of(KEY, declaration), resources, new DefaultListableBeanFactory(), event -> {}, clock);
        SecretWatch watching = new SecretWatch(loaded.rotations(), List::of, Duration.ofSeconds(1));
        Bundle bundle = new Bundle(KEY, null, "file:" + file("certificate"), "file:" + file("trust"));
        new SecretSslBundles(
                        new SecureMemorySslProperties(Map.of("web", bundle)),
                        loaded.asStore(),
                        loaded,
                        watching,
                        resources,
                        new OpaqueKeys(
                                session.secrets(Storage.SEALED),
                                () -> CryptoEngine.choose(CryptoEngine.Choice.AUTO, null)),
                        registration.provider(),
                        clock)
                .registerBundles(bundles);
        secrets = loaded;
        watch = watching;
        return this;
    }

    public SecretStore store() {
        return started(secrets).asStore();
    }

    public SecretRotation rotation() {
        return (SecretRotation) WatchAccess.watched(started(watch)).get(0);
    }

    public WatchStatus secretStatus() {
        return started(watch).statuses().get(0);
    }

    public WatchStatus bundleStatus() {
        return started(watch).statuses().get(1);
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("not started");
        }
        return part;
    }

    /** What the watch does in one interval, with the bundle first or last. */
    public void interval(boolean bundleFirst) {
        time.updateAndGet(now -> now.plus(INTERVAL));
        List<Watched> all = new ArrayList<>(WatchAccess.watched(started(watch)));
        if (bundleFirst) {
            Collections.reverse(all);
        }
        for (Watched watched : all) {
            watched.look();
            watched.tell();
        }
    }

    public void interval() {
        interval(false);
    }

    public Certificate served() {
        return inUse().certificate();
    }

    public Certificate trusted() {
        return inUse().trusted();
    }

    public PrivateKey key() {
        return inUse().key();
    }

    /** What a bundle has, which takes long to be asked: its key stores are encrypted. */
    private record InUse(SslBundle bundle, PrivateKey key, Certificate certificate, Certificate trusted) {

        static InUse of(SslBundle bundle) {
            try {
                KeyStore keys = started(bundle.getStores().getKeyStore());
                KeyStore trust = started(bundle.getStores().getTrustStore());
                return new InUse(
                        bundle,
                        (PrivateKey) keys.getKey("ssl", null),
                        keys.getCertificate("ssl"),
                        trust.getCertificate("ssl"));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private InUse inUse() {
        SslBundle bundle = bundles.getBundle("web");
        InUse present = last;
        if (present == null || !present.bundle().equals(bundle)) {
            present = InUse.of(bundle);
            last = present;
        }
        return present;
    }

    @Override
    public void close() {
        registration.close();
        session.close();
    }
}
