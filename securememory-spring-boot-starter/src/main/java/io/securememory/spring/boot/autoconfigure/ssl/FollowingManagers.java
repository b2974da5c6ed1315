package io.securememory.spring.boot.autoconfigure.ssl;

import java.security.InvalidAlgorithmParameterException;
import java.security.KeyStore;
import java.security.Provider;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.KeyManagerFactorySpi;
import javax.net.ssl.ManagerFactoryParameters;
import org.jspecify.annotations.Nullable;

/** Makes factories of key managers that follow a bundle. */
final class FollowingManagers {

    private static final String ALGORITHM = "SecureMemory";

    private FollowingManagers() {}

    static KeyManagerFactory of(FollowedPair pairs, Provider provider) {
        return new Factory(new Spi(new FollowingKeyManager(pairs)), provider);
    }

    private static final class Factory extends KeyManagerFactory {

        Factory(KeyManagerFactorySpi spi, Provider provider) {
            super(spi, provider, ALGORITHM);
        }
    }

    /** Is initialized from the start. */
    private static final class Spi extends KeyManagerFactorySpi {

        private final KeyManager manager;

        Spi(KeyManager manager) {
            this.manager = manager;
        }

        /** Some users initialize each factory with what they have. The key is that of the bundle all the same. */
        @Override
        protected void engineInit(@Nullable KeyStore store, char @Nullable [] password) {}

        @Override
        protected void engineInit(@Nullable ManagerFactoryParameters parameters)
                throws InvalidAlgorithmParameterException {
            throw new InvalidAlgorithmParameterException("The keys of an SSL bundle take no parameters.");
        }

        @Override
        protected KeyManager[] engineGetKeyManagers() {
            return new KeyManager[] {manager};
        }
    }
}
