package io.securememory.spring.boot.autoconfigure.ssl;

import io.securememory.MalformedSecretException;
import io.securememory.Secret;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.properties.SecureMemorySslProperties.Bundle;
import io.securememory.spring.boot.secrets.SecretRotation;
import java.security.PrivateKey;
import java.security.interfaces.ECKey;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.util.StringUtils;

/**
 * The private key of a bundle. Both the key and its passphrase are declared secrets; a key that is not encrypted has no
 * passphrase. The key object is made once for each content of these secrets, and not at each check: another one would be
 * another key to the users of the bundle.
 *
 * <p>Threading: any thread may call {@link #changed()}; all other methods may be called by one thread at a time.
 */
final class BundleKey {

    private static final Logger LOG = LoggerFactory.getLogger(BundleKey.class);

    private final String bundle;
    private final @Nullable String secret;
    private final @Nullable String password;
    private final SecretStore secrets;
    private final @Nullable SecretRotation rotation;
    private final @Nullable SecretRotation passwordRotation;
    private final OpaqueKeys keys;

    /** Whether it was said that a key is on the heap. */
    private boolean warned;

    /** Counts the changes of secrets that come from another store, and not from a file that is watched here. */
    private final AtomicLong changes = new AtomicLong();

    private @Nullable PrivateKey last;

    /** The version of the content that {@code last} was made of. */
    private long lastVersion;

    /**
     * @param bundle the bundle's name
     * @param rotation rotation of the key's secret, or null if there is none
     * @param passwordRotation rotation of the passphrase's secret, or null if there is none
     */
    BundleKey(
            String bundle,
            Bundle properties,
            SecretStore secrets,
            @Nullable SecretRotation rotation,
            @Nullable SecretRotation passwordRotation,
            OpaqueKeys keys) {
        this.bundle = bundle;
        this.secret = properties.privateKey();
        this.password = properties.privateKeyPassword();
        this.secrets = secrets;
        this.rotation = rotation;
        this.passwordRotation = passwordRotation;
        this.keys = keys;
    }

    String property() {
        return SslFailures.property(bundle, "private-key");
    }

    /** Returns the secret's name. It must not be shown unless there is such a secret. */
    String secret() {
        return String.valueOf(secret);
    }

    /** Returns how messages call the place that the key comes from. */
    String location() {
        return (rotation == null ? "secret '" + secret + "'" : rotation.location()) + " (" + property() + ")";
    }

    /** Tells whether the key is an optional secret that never existed. */
    boolean isAbsent() {
        return rotation != null && rotation.secret() == null;
    }

    /** Notes a change of a secret that comes from another store. */
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
     * Returns the current key.
     *
     * @throws DeclaredSecretException if there is no such secret, or if it is not a key
     */
    PrivateKey read() {
        PrivateKey known = last;
        long version = version();
        if (known != null && lastVersion == version) {
            return known;
        }
        PrivateKey read = OpaqueKeys.sameOrNext(known, make());
        last = read;
        lastVersion = version;
        return read;
    }

    private PrivateKey make() {
        Secret passphrase = StringUtils.hasText(password)
                ? find(SslFailures.property(bundle, "private-key-password"), password)
                : null;
        try {
            PrivateKey made = keys.make(find(property(), secret), passphrase);
            warnOfHeap(made);
            return made;
        } catch (MalformedSecretException e) {
            throw SslFailures.badKey(bundle, property(), secret(), e);
        }
    }

    private void warnOfHeap(PrivateKey made) {
        if (!warned && !OpaqueKeys.isOpaque(made)) {
            warned = true;
            LOG.warn(
                    "The private key of the SSL bundle '{}' is on the Java heap, where nothing protects it, because it is of {}."
                            + " Keys of RSA, of the elliptic curves P-256, P-384 and P-521, of EdDSA and of XDH stay in"
                            + " protected memory.",
                    bundle,
                    made instanceof ECKey ? "another elliptic curve" : "the algorithm " + made.getAlgorithm());
        }
    }

    /**
     * Finds a secret. The value of the property is not shown unless it is the name of a secret, because it may be the key
     * itself.
     */
    private Secret find(String property, @Nullable String name) {
        return (name == null ? Optional.<Secret>empty() : secrets.find(name))
                .orElseThrow(() -> SslFailures.noSecret(property, secrets.names()));
    }
}
