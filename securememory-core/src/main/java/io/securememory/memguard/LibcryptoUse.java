package io.securememory.memguard;

/**
 * Whether long texts, of some kilobytes and more, are sealed and opened with OpenSSL's libcrypto, version 3, and whether
 * it computes the digests of {@link io.securememory.HmacSha256}.
 */
public enum LibcryptoUse {
    /**
     * If the machine has libcrypto, or else with this library's own code. Libcrypto reads its own configuration, which
     * may load other libraries.
     */
    AUTO,
    /** Never: libcrypto is not loaded. */
    OFF
}
