/**
 * Keys in guarded native memory for the Java Cryptography Architecture (JCA): they sign, decrypt and serve TLS without
 * being on the heap.
 *
 * <p>BouncyCastle is needed only where there is no libcrypto of OpenSSL 3.
 */
module io.securememory.jca {
    requires transitive io.securememory;
    requires static transitive org.jspecify;
    requires static org.bouncycastle.provider;
    requires org.slf4j;

    exports io.securememory.jca;
}
