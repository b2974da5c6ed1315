package io.securememory.spring.boot.autoconfigure;

import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.memguard.MemGuard;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretStore;
import java.security.PrivateKey;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The private key of a bundle, which is a declared secret. It is made once of each content of that, and not with each look: each
 * time leaves the key on the heap.
 *
 * <p>Threading: {@link #changed()} may be called by any thread, all else by one at a time.
 */
final class BundleKey {

    private final String property;
    private final @Nullable String secret;
    private final SecretStore secrets;
    private final @Nullable SecretRotation rotation;
    private final MemGuard guard;

    /** Changes of a secret that does not come from a file of ours. */
    private final AtomicLong changes = new AtomicLong();

    private @Nullable PrivateKey last;

    /** Which content it is of. */
    private long lastVersion;

    /**
     * @param secret the value of the property
     * @param rotation of the secret, or null if there is none
     */
    BundleKey(
            String property,
            @Nullable String secret,
            SecretStore secrets,
            @Nullable SecretRotation rotation,
            MemGuard guard) {
        this.property = property;
        this.secret = secret;
        this.secrets = secrets;
        this.rotation = rotation;
        this.guard = guard;
    }

    String property() {
        return property;
    }

    /** The secret's name; not to be shown unless there is such a secret. */
    String secret() {
        return String.valueOf(secret);
    }

    /** What messages call the place that it is from. */
    String location() {
        return (rotation == null ? "secret '" + secret + "'" : rotation.location()) + " (" + property + ")";
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
        return rotation == null ? changes.get() : rotation.rotations();
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
        try {
            return find().<PrivateKey, RuntimeException>withBytes(text -> PrivateKeyReader.read(text, guard));
        } catch (MalformedSecretException e) {
            throw SslFailures.badKey(property, secret(), e);
        }
    }

    /** The value is not shown unless it is the name of a secret: it may be the key itself. */
    private Secret find() {
        return (secret == null ? Optional.<Secret>empty() : secrets.find(secret))
                .orElseThrow(() -> SslFailures.noSecret(property, secrets.names()));
    }
}
