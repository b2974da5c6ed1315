package io.securememory.spring.boot.autoconfigure.ssl;

import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.memguard.MemGuard;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.properties.SecureMemorySslProperties.Bundle;
import io.securememory.spring.boot.secrets.SecretRotation;
import java.security.PrivateKey;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.util.StringUtils;

/**
 * The private key of a bundle, which is a declared secret, as may be what it is encrypted with. It is made once of each content of that, and not with each look: each
 * time leaves the key on the heap.
 *
 * <p>Threading: {@link #changed()} may be called by any thread, all else by one at a time.
 */
final class BundleKey {

    private final String bundle;
    private final @Nullable String secret;
    private final @Nullable String password;
    private final SecretStore secrets;
    private final @Nullable SecretRotation rotation;
    private final @Nullable SecretRotation passwordRotation;
    private final MemGuard guard;

    /** Changes of a secret that does not come from a file of ours. */
    private final AtomicLong changes = new AtomicLong();

    private @Nullable PrivateKey last;

    /** Which content it is of. */
    private long lastVersion;

    /**
     * @param bundle the bundle's name
     * @param rotation of the key's secret, or null if there is none
     * @param passwordRotation of the password's secret, likewise
     */
    BundleKey(
            String bundle,
            Bundle properties,
            SecretStore secrets,
            @Nullable SecretRotation rotation,
            @Nullable SecretRotation passwordRotation,
            MemGuard guard) {
        this.bundle = bundle;
        this.secret = properties.privateKey();
        this.password = properties.privateKeyPassword();
        this.secrets = secrets;
        this.rotation = rotation;
        this.passwordRotation = passwordRotation;
        this.guard = guard;
    }

    String property() {
        return SslFailures.property(bundle, "private-key");
    }

    /** The secret's name; not to be shown unless there is such a secret. */
    String secret() {
        return String.valueOf(secret);
    }

    /** What messages call the place that it is from. */
    String location() {
        return (rotation == null ? "secret '" + secret + "'" : rotation.location()) + " (" + property() + ")";
    }

    /** Tells whether it is an optional secret that was never there. */
    boolean isAbsent() {
        return rotation != null && rotation.secret() == null;
    }

    /** Notes that it is another one, if it does not come from a file of ours. */
    void changed() {
        changes.incrementAndGet();
    }

    boolean mayHaveChanged() {
        return last == null || lastVersion != version();
    }

    private long version() {
        return changes.get() + rotations(rotation) + rotations(passwordRotation);
    }

    private static long rotations(@Nullable SecretRotation of) {
        return of == null ? 0 : of.rotations();
    }

    /**
     * Returns the key of now.
     *
     * @throws DeclaredSecretException if there is no such secret, or if it is no key
     */
    PrivateKey read() {
        PrivateKey known = last;
        long version = version();
        if (known != null && lastVersion == version) {
            return known;
        }
        PrivateKey read = make();
        last = read;
        lastVersion = version;
        return read;
    }

    private PrivateKey make() {
        Secret passphrase = StringUtils.hasText(password)
                ? find(SslFailures.property(bundle, "private-key-password"), password)
                : null;
        try {
            return find(property(), secret)
                    .<PrivateKey, RuntimeException>withBytes(text -> PrivateKeyReader.read(text, passphrase, guard));
        } catch (MalformedSecretException e) {
            throw SslFailures.badKey(bundle, property(), secret(), e);
        }
    }

    /** The value is not shown unless it is the name of a secret: it may be the key itself. */
    private Secret find(String property, @Nullable String name) {
        return (name == null ? Optional.<Secret>empty() : secrets.find(name))
                .orElseThrow(() -> SslFailures.noSecret(property, secrets.names()));
    }
}
