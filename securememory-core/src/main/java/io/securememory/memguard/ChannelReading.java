package io.securememory.memguard;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;

/**
 * Reads from channels of the JDK straight into the pages of a region.
 *
 * <p>Such a channel keeps no reference to the pages. If a purge comes while it reads, the pages are wiped at once, and
 * again when the thread leaves.
 */
final class ChannelReading {

    private ChannelReading() {}

    /** Tells whether a channel may get the pages themselves: another class could keep the buffer. */
    static boolean isOfJava(ReadableByteChannel channel) {
        return channel.getClass().getModule() == ByteBuffer.class.getModule();
    }

    /**
     * Reads once, into memory that only this thread is inside of.
     *
     * @param offset where in the view to begin
     * @param length most bytes to read
     * @return the number of bytes, or -1 at the end of the channel
     * @throws io.securememory.SecretClosedException if the session was purged or closed meanwhile
     */
    static int once(Lease target, int offset, int length, ReadableByteChannel channel) throws IOException {
        int begin = target.from() + offset;
        ByteBuffer bytes = target.memory().data().limit(begin + length).position(begin);
        RegionRelease release = target.region().release();
        release.setAwaitsSource(true);
        try {
            int count = channel.read(bytes);
            target.requireNotPurged();
            return count;
        } finally {
            release.setAwaitsSource(false);
        }
    }
}
