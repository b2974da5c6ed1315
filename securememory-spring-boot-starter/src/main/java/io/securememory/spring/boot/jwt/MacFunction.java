package io.securememory.spring.boot.jwt;

/** Computes HMAC with one key, without a copy of the key on the heap. Safe for use by several threads. */
@FunctionalInterface
interface MacFunction {

    /**
     * Computes the code of a message.
     *
     * @return a new array
     * @throws io.securememory.SecureMemoryException if the key is closed, or if there is no memory to compute in
     */
    byte[] of(byte[] message);
}
