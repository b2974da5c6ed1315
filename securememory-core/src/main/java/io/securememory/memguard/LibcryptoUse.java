package io.securememory.memguard;

/** Whether texts of some kilobytes are sealed and opened by OpenSSL's libcrypto, version 3. */
public enum LibcryptoUse {
    /** Where this machine has it, and by this library's own code elsewhere: what is sealed is the same. */
    AUTO,
    /** Never: it is not even loaded. */
    OFF
}
