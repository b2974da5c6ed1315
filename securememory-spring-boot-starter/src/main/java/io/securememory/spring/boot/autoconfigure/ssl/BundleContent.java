package io.securememory.spring.boot.autoconfigure.ssl;

import java.security.PrivateKey;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.util.List;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleKey;
import org.springframework.boot.ssl.SslManagerBundle;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;

/**
 * The key and certificates of a bundle.
 *
 * @param trusted the certificates by which peers are trusted; empty for those of the JVM
 */
record BundleContent(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> trusted) {

    boolean isOf(PrivateKey otherKey, List<X509Certificate> otherChain) {
        return chain.equals(otherChain) && key.equals(otherKey);
    }

    BundleContent trusting(List<X509Certificate> others) {
        return new BundleContent(key, chain, others);
    }

    /**
     * Makes the bundle.
     *
     * @param pairs what its key managers answer with; gets this pair
     */
    SslBundle toBundle(FollowedPair pairs, Provider provider) {
        SslStoreBundle stores = ProtectedStores.of(key, chain, trusted, provider);
        SslManagerBundle managers = SslManagerBundle.of(
                FollowingManagers.of(pairs, provider),
                SslManagerBundle.from(stores, SslBundleKey.NONE).getTrustManagerFactory());
        SslBundle bundle =
                SslBundle.of(stores, SslBundleKey.NONE, SslOptions.NONE, SslBundle.DEFAULT_PROTOCOL, managers);
        pairs.replace(key, chain);
        return bundle;
    }

    /** Leaves out the key, because what the key classes of providers print is not known. */
    @Override
    public String toString() {
        return "BundleContent[]";
    }
}
