package io.securememory.spring.boot.jwt;

import io.securememory.Secret;
import io.securememory.VersionedSecret;
import java.util.function.Function;

/** The keys that one secret is, one after the other. */
final class SecretSource implements KeySource {

    private final Secret secret;
    private final Function<Secret, JwtKey> loader;

    /** @param loader makes a key of one version */
    SecretSource(Secret secret, Function<Secret, JwtKey> loader) {
        this.secret = secret;
        this.loader = loader;
    }

    @Override
    public Object version() {
        return secret instanceof VersionedSecret versioned
                ? versioned.currentVersion().secret()
                : secret;
    }

    @Override
    public JwtKey load(Object version) {
        return loader.apply((Secret) version);
    }

    @Override
    public boolean isClosed() {
        return secret.isClosed();
    }
}
