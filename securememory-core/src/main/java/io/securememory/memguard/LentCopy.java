package io.securememory.memguard;

import io.securememory.CanaryViolationException;
import io.securememory.crypto.TracelessCopy;
import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A lent copy: a copy of a part of a region's data, in a piece of {@link LentPages}, for as long as one access runs.
 *
 * <p>The thread of the access opens and closes it. A purge may wipe it on another thread.
 */
final class LentCopy implements ScopedBuffer, RegionData.Follower {

    private final LentCopies lender;
    private final LentPages pages;

    /** Where the piece begins in the pages. */
    private final int start;

    private final Region region;

    /** Where the copied part begins in the region's data. */
    private final int from;

    private final int length;

    /** Whether the copy shows what the thread writes to the region. */
    private final boolean following;

    /** Null once the access has ended, so that only the user keeps the buffer reachable. Guarded by this. */
    private @Nullable ByteBuffer buffer;

    LentCopy(LentCopies lender, LentPages pages, int start, Region region, int from, int length) {
        this.lender = lender;
        this.pages = pages;
        this.start = start;
        this.region = region;
        this.from = from;
        this.length = length;
        this.following = Stays.isWriting(region);
        this.buffer = pages.newBuffer(start, length);
    }

    LentPages pages() {
        return pages;
    }

    /** Copies the whole part. The data must be accessible. */
    void fill() {
        copy(from, length);
        if (following) {
            region.memory().addFollower(this);
        }
    }

    /** Copies what was written to the data, as far as it is in this part. */
    @Override
    public void follow(int offset, int count) {
        int first = Math.max(offset, from);
        int end = Math.min(offset + count, from + length);
        if (first < end) {
            copy(first, end - first);
        }
    }

    private synchronized void copy(int offset, int count) {
        RegionData memory = region.memory();
        TracelessCopy.copy(memory.bytes(), memory.indexOf(offset), pages.bytes(), start + offset - from, count);
        wipeIfPurged();
    }

    synchronized void wipeIfPurged() {
        if (buffer != null && region.isWiped()) {
            wipe();
        }
    }

    private void wipe() {
        RegionData.zero(pages.bytes(), start, start + length);
    }

    @Override
    public synchronized ByteBuffer buffer() {
        ByteBuffer current = buffer;
        if (current == null) {
            throw new IllegalStateException("the view's action has ended");
        }
        return current;
    }

    /** Wipes the copy and gives the piece back. Every step is attempted. */
    @Override
    public void close() {
        if (following) {
            region.memory().removeFollower(this);
        }
        Failures failures = new Failures();
        if (end(failures)) {
            lender.takeBack(this, failures);
        }
        failures.throwFirst();
    }

    /** Wipes the copy and checks its canaries. Returns false if that was done before. */
    private synchronized boolean end(Failures failures) {
        ByteBuffer last = buffer;
        if (last == null) {
            return false;
        }
        try {
            wipe();
            if (!pages.isIntact(start, length)) {
                region.owner().canaryViolated();
                failures.add(new CanaryViolationException("The canary beside a lent copy of " + length
                        + " bytes was overwritten; the copy was wiped. Something wrote outside its bounds: treat"
                        + " this process as compromised."));
            }
        } finally {
            buffer = null;
            Reference.reachabilityFence(last);
        }
        return true;
    }
}
