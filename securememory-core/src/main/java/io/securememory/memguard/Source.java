package io.securememory.memguard;

import java.io.IOException;

/**
 * Something that bytes are read from. It may keep its reader waiting endlessly, so nobody must wait for that reader:
 * user code is called outside of any region, and a file is read inside a region that a purge wipes without waiting.
 */
interface Source {

    /** The path of a file, or a word for a stream. */
    String name();

    /** The number of bytes of the source, or 0 if it is not known. */
    long size() throws IOException;

    /**
     * Reads into a buffer that no other thread has.
     *
     * @param from index for the first byte
     * @return index after the last byte, where the buffer or the source ended
     * @throws io.securememory.SecretClosedException if the session was purged or closed meanwhile
     */
    int fill(LockedBuffer target, int from) throws IOException;

    /**
     * Reads some bytes and seals them.
     *
     * @param most most bytes to read, at least 1
     * @return false at the end
     * @throws io.securememory.SecretClosedException if the session was purged or closed meanwhile
     */
    boolean append(SealedParts target, int most) throws IOException;
}
