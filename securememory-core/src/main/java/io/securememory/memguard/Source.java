package io.securememory.memguard;

import java.io.IOException;

/**
 * Where bytes are read from. It may keep its reader waiting for as long as it likes, and is therefore read where nobody waits
 * for the reader: code of a user outside of any region, a file within one that a purge wipes without waiting.
 */
interface Source {

    /** A path, or a word for a stream. */
    String name();

    /** Bytes that there are, or 0 if that is not known. */
    long size() throws IOException;

    /**
     * Reads into a buffer that nobody else has.
     *
     * @param from where the bytes go
     * @return where the buffer or the source ended
     * @throws io.securememory.SecretClosedException if a purge or a close came meanwhile
     */
    int fill(LockedBuffer target, int from) throws IOException;

    /**
     * Reads some bytes and seals them.
     *
     * @param most how many there may be, at least 1
     * @return false at the end
     * @throws io.securememory.SecretClosedException if a purge or a close came meanwhile
     */
    boolean append(SealedParts target, int most) throws IOException;
}
