package io.securememory.spring.boot.autoconfigure.ssl;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.pem.PemSslStore;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;

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

    SslBundle toBundle() {
        PemSslStore trustStore = trusted.isEmpty() ? null : PemSslStore.of(trusted, null);
        return SslBundle.of(new PemSslStoreBundle(PemSslStore.of(chain, key), trustStore));
    }

    /** Leaves out the key, because what the key classes of providers print is not known. */
    @Override
    public String toString() {
        return "BundleContent[]";
    }
}
