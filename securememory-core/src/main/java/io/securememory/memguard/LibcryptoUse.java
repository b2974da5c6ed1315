package io.securememory.memguard;

/** Whether texts of some kilobytes are sealed and opened by OpenSSL's libcrypto, version 3. */
public enum LibcryptoUse {
    /**
     * Where this machine has it, and by this library's own code elsewhere. It reads its own configuration, which says what else
     * it loads.
     */
    AUTO,
    /** Never: it is not even loaded. */
    OFF
}
