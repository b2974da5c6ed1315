package io.securememory.libcrypto;

/**
 * Functions of libcrypto that compute with keys. Each is called with six machine words, of which it takes the first.
 *
 * @see <a href="https://docs.openssl.org/3.0/man3/">Manual pages of OpenSSL 3.0</a>
 */
public enum KeyFunction {
    /** Version of the library, as EVP_PKEY_fromdata(3) needs at least 3. */
    OPENSSL_version_major,
    /** See ERR_get_error(3). */
    ERR_get_error,
    /** See ERR_clear_error(3). */
    ERR_clear_error,
    /** See EVP_PKEY_CTX_new_from_name(3). */
    EVP_PKEY_CTX_new_from_name,
    /** See EVP_PKEY_CTX_new_from_pkey(3). */
    EVP_PKEY_CTX_new_from_pkey,
    /** See EVP_PKEY_CTX_free(3). */
    EVP_PKEY_CTX_free,
    /** See EVP_PKEY_CTX_set_params(3). */
    EVP_PKEY_CTX_set_params,
    /** See EVP_PKEY_fromdata_init(3). */
    EVP_PKEY_fromdata_init,
    /** See EVP_PKEY_fromdata(3). */
    EVP_PKEY_fromdata,
    /** See EVP_PKEY_new_raw_private_key_ex(3). */
    EVP_PKEY_new_raw_private_key_ex,
    /** See EVP_PKEY_new_raw_public_key_ex(3). */
    EVP_PKEY_new_raw_public_key_ex,
    /** See EVP_PKEY_get_raw_public_key(3). */
    EVP_PKEY_get_raw_public_key,
    /** See EVP_PKEY_get_params(3). */
    EVP_PKEY_get_params,
    /** See EVP_PKEY_free(3). */
    EVP_PKEY_free,
    /** See EVP_PKEY_keygen_init(3). */
    EVP_PKEY_keygen_init,
    /** See EVP_PKEY_generate(3). */
    EVP_PKEY_generate,
    /** See EVP_PKEY_sign_init_ex(3). */
    EVP_PKEY_sign_init_ex,
    /** See EVP_PKEY_sign(3). */
    EVP_PKEY_sign,
    /** See EVP_PKEY_decrypt_init_ex(3). */
    EVP_PKEY_decrypt_init_ex,
    /** See EVP_PKEY_decrypt(3). */
    EVP_PKEY_decrypt,
    /** See EVP_PKEY_derive_init_ex(3). */
    EVP_PKEY_derive_init_ex,
    /** See EVP_PKEY_derive_set_peer(3). */
    EVP_PKEY_derive_set_peer,
    /** See EVP_PKEY_derive(3). */
    EVP_PKEY_derive,
    /** See EVP_MD_CTX_new(3). */
    EVP_MD_CTX_new,
    /** See EVP_MD_CTX_free(3). */
    EVP_MD_CTX_free,
    /** See EVP_MD_fetch(3). */
    EVP_MD_fetch,
    /** See EVP_DigestInit_ex2(3). */
    EVP_DigestInit_ex2,
    /** See EVP_DigestUpdate(3). */
    EVP_DigestUpdate,
    /** See EVP_DigestFinal_ex(3). */
    EVP_DigestFinal_ex,
    /** See EVP_DigestSignInit(3). */
    EVP_DigestSignInit,
    /** See EVP_DigestSign(3). */
    EVP_DigestSign,
    /** See EVP_CIPHER_fetch(3). */
    EVP_CIPHER_fetch,
    /** See EVP_CIPHER_CTX_new(3). */
    EVP_CIPHER_CTX_new,
    /** See EVP_CIPHER_CTX_free(3). */
    EVP_CIPHER_CTX_free,
    /** See EVP_CIPHER_CTX_ctrl(3). */
    EVP_CIPHER_CTX_ctrl,
    /** See EVP_CipherInit_ex2(3). */
    EVP_CipherInit_ex2,
    /** See EVP_CipherUpdate(3). */
    EVP_CipherUpdate,
    /** See EVP_CipherFinal_ex(3). */
    EVP_CipherFinal_ex,
    /** See EVP_MAC_fetch(3). */
    EVP_MAC_fetch,
    /** See EVP_MAC_CTX_new(3). */
    EVP_MAC_CTX_new,
    /** See EVP_MAC_CTX_free(3). */
    EVP_MAC_CTX_free,
    /** See EVP_MAC_init(3). */
    EVP_MAC_init,
    /** See EVP_MAC_update(3). */
    EVP_MAC_update,
    /** See EVP_MAC_final(3). */
    EVP_MAC_final,
    /** See EVP_KDF_fetch(3). */
    EVP_KDF_fetch,
    /** See EVP_KDF_CTX_new(3). */
    EVP_KDF_CTX_new,
    /** See EVP_KDF_CTX_free(3). */
    EVP_KDF_CTX_free,
    /** See EVP_KDF_derive(3). */
    EVP_KDF_derive,
    /** See EC_GROUP_new_by_curve_name(3). */
    EC_GROUP_new_by_curve_name,
    /** See EC_GROUP_free(3). */
    EC_GROUP_free,
    /** See EC_POINT_new(3). */
    EC_POINT_new,
    /** See EC_POINT_clear_free(3). */
    EC_POINT_clear_free,
    /** See EC_POINT_mul(3). */
    EC_POINT_mul,
    /** See EC_POINT_point2oct(3). */
    EC_POINT_point2oct,
    /** See BN_native2bn(3). */
    BN_native2bn,
    /** See BN_clear_free(3). */
    BN_clear_free;

    /** Where the implementations have this function in their arrays. A map would take longer than some of the calls. */
    @SuppressWarnings("EnumOrdinal")
    int index() {
        return ordinal();
    }
}
