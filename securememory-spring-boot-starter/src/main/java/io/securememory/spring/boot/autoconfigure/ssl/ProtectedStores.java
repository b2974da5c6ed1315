package io.securememory.spring.boot.autoconfigure.ssl;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;

/** Makes the stores of a bundle, for servers that want a key store. */
final class ProtectedStores {

    private static final String ALIAS = "ssl"; // That of Spring Boot's own bundles

    private ProtectedStores() {}

    /**
     * Makes the stores.
     *
     * @param trusted the certificates by which peers are trusted; empty for those of the JVM
     * @param provider has the type of key store that takes keys in protected memory
     */
    static SslStoreBundle of(
            PrivateKey key, List<X509Certificate> chain, List<X509Certificate> trusted, Provider provider) {
        PemSslStore trust = trusted.isEmpty() ? null : PemSslStore.of(trusted, null);
        if (!OpaqueKeys.isOpaque(key)) {
            return new PemSslStoreBundle(PemSslStore.of(chain, key), trust);
        }
        KeyStore trustStore = new PemSslStoreBundle((PemSslStore) null, trust).getTrustStore();
        return new Stores(keyStore(key, chain, provider), trustStore);
    }

    private static KeyStore keyStore(PrivateKey key, List<X509Certificate> chain, Provider provider) {
        try {
            KeyStore store = KeyStore.getInstance("SecureMemory", provider);
            store.load(null, null);
            store.setKeyEntry(ALIAS, key, null, chain.toArray(Certificate[]::new));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("the key store cannot be made: " + e.getMessage(), e);
        }
    }

    private record Stores(KeyStore keys, @Nullable KeyStore trust) implements SslStoreBundle {

        @Override
        public KeyStore getKeyStore() {
            return keys;
        }

        /** There is nothing that it could protect. */
        @Override
        public @Nullable String getKeyStorePassword() {
            return null;
        }

        @Override
        public @Nullable KeyStore getTrustStore() {
            return trust;
        }
    }
}
