package io.securememory.spring.boot.autoconfigure;

import static io.securememory.spring.boot.autoconfigure.Starter.write;

import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.SecureMemorySslProperties.Bundle;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
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
final class WatchFixture implements AutoCloseable {

    static final Duration INTERVAL = Duration.ofSeconds(1);

    static final String KEY = "tls-key";

    final SecureMemory session = SecureMemory.create();
    final AtomicReference<Instant> time = new AtomicReference<>(Instant.parse("2030-01-01T00:00:00Z"));
    final InstantSource clock = time::get;
    final DefaultSslBundleRegistry bundles = new DefaultSslBundleRegistry();
    private final Path directory;
    private final boolean required;
    private @Nullable DeclaredSecrets secrets;
    private @Nullable SecretWatch watch;
    private @Nullable InUse last;

    WatchFixture(Path directory, boolean required) {
        this.directory = directory;
        this.required = required;
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    /** The three files as they are at the start. */
    WatchFixture with(Certificates pair, Certificates trusted) {
        write(directory, "key", pair.keyPem());
        write(directory, "certificate", pair.certificatePem());
        write(directory, "trust", trusted.certificatePem());
        return this;
    }

    /** Loads the secret and registers the bundle. */
    WatchFixture start() {
        DefaultResourceLoader resources = new DefaultResourceLoader();
        SecretDeclaration declaration = new SecretDeclaration(
                KEY,
                "securememory.secrets.tls-key.location",
                SecretLocation.of("file:" + file("key"), resources),
                true,
                SecretEncoding.RAW,
                required,
                INTERVAL,
                null,
                false);
        DeclaredSecrets loaded = new DeclaredSecrets(
                session,
                List.of(declaration),
                new ReplacedSecrets(List.of(), new DefaultListableBeanFactory()),
                event -> {},
                clock);
        SecretWatch watching = new SecretWatch(loaded.rotations(), Duration.ofSeconds(1));
        Bundle bundle = new Bundle(KEY, null, "file:" + file("certificate"), "file:" + file("trust"));
        new SecretSslBundles(
                        new SecureMemorySslProperties(Map.of("web", bundle)),
                        loaded.asStore(),
                        loaded,
                        watching,
                        session.memGuard(),
                        resources,
                        clock)
                .registerBundles(bundles);
        secrets = loaded;
        watch = watching;
        return this;
    }

    SecretStore store() {
        return started(secrets).asStore();
    }

    SecretRotation rotation() {
        return (SecretRotation) started(watch).watched().get(0);
    }

    WatchStatus secretStatus() {
        return started(watch).statuses().get(0);
    }

    WatchStatus bundleStatus() {
        return started(watch).statuses().get(1);
    }

    private static <T> T started(@Nullable T part) {
        if (part == null) {
            throw new IllegalStateException("not started");
        }
        return part;
    }

    /** What the watch does in one interval, with the bundle first or last. */
    void interval(boolean bundleFirst) {
        time.updateAndGet(now -> now.plus(INTERVAL));
        List<Watched> all = new ArrayList<>(started(watch).watched());
        if (bundleFirst) {
            Collections.reverse(all);
        }
        for (Watched watched : all) {
            watched.look();
            watched.tell();
        }
    }

    void interval() {
        interval(false);
    }

    Certificate served() {
        return inUse().certificate();
    }

    Certificate trusted() {
        return inUse().trusted();
    }

    Key key() {
        return inUse().key();
    }

    /** What a bundle has, which takes long to be asked: its key stores are encrypted. */
    private record InUse(SslBundle bundle, Key key, Certificate certificate, Certificate trusted) {

        static InUse of(SslBundle bundle) {
            try {
                KeyStore keys = started(bundle.getStores().getKeyStore());
                KeyStore trust = started(bundle.getStores().getTrustStore());
                return new InUse(
                        bundle, keys.getKey("ssl", null), keys.getCertificate("ssl"), trust.getCertificate("ssl"));
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
        session.close();
    }
}
