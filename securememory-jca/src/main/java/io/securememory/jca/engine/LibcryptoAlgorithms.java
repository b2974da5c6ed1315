package io.securememory.jca.engine;

import io.securememory.libcrypto.KeyFunction;
import io.securememory.libcrypto.KeyLibrary;
import java.security.ProviderException;

/**
 * Whether libcrypto's configuration (openssl.cnf) lets it compute. It may load no provider, or ask for properties that
 * those it loads do not have. Nothing can be computed then, and every failure would look like one of a key.
 */
public final class LibcryptoAlgorithms {

    private static final CString[] KEYS = {new CString("RSA"), new CString("EC")};

    private LibcryptoAlgorithms() {}

    /**
     * Checks the algorithms that every provider has, also that for FIPS 140.
     *
     * @param library the library
     * @throws ProviderException if one is missing
     */
    public static void require(KeyLibrary library) {
        for (CString key : KEYS) {
            long context = library.call(KeyFunction.EVP_PKEY_CTX_new_from_name, 0, key.at(library), 0);
            library.call(KeyFunction.EVP_PKEY_CTX_free, context);
            if (context == 0) {
                throw Fetched.missing(library, "keys of RSA and EC");
            }
        }
        new Fetched(library, KeyFunction.EVP_CIPHER_fetch, AeadCipher.AES_256_GCM.cipher()).handle();
        new Fetched(library, KeyFunction.EVP_MD_fetch, Digest.SHA_256.shortName()).handle();
        new Fetched(library, KeyFunction.EVP_KDF_fetch, "HKDF").handle();
    }
}
