package io.securememory.spring.boot.jwt;

/** Where keys come from, one after the other. Safe for use by several threads. */
interface KeySource {

    /** Returns what stands for the key that is in use now: the same object until it is replaced. */
    Object version();

    /**
     * Makes the key of a version.
     *
     * @throws io.securememory.SecretClosedException if that version is closed
     * @throws JwtKeyException if it is no key of the algorithm
     */
    JwtKey load(Object version);

    /** Tells whether there is no key any more, because it was closed or purged. */
    boolean isClosed();
}
