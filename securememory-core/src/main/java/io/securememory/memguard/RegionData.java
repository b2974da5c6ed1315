package io.securememory.memguard;

import io.securememory.CanaryViolationException;
import io.securememory.crypto.TracelessCopy;
import io.securememory.memcall.Protection;
import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Canary and data of one region in pages of its own. Knows nothing of threads: callers serialize.
 *
 * <p>Made readable and writable, with the canary in place. Every failure on the way leaves no mapping, no lock and no
 * share of the limit behind.
 */
final class RegionData {

    /** A copy of the data that shows what is written to it. */
    interface Follower {
        /** Called after bytes were written. */
        void follow(int offset, int length);
    }

    /** What long memory is wiped with: the machine copies faster than it stores words. */
    private static final byte[] ZEROS = new byte[1024];

    private final RegionOwner owner;
    private final RegionLayout layout;
    private final GuardedPages pages;
    private final Canary canary;
    private final boolean keptOpen;
    private final boolean mayBeSwapped;
    private boolean wiped;

    /** Lent copies that show what is written; null before the first one. Those of the thread that writes, and used by it. */
    private @Nullable List<Follower> followers;

    /** As far as known; null after a failure. */
    private @Nullable Protection protection = Protection.READ_WRITE;

    private RegionData(RegionOwner owner, RegionLayout layout, GuardedPages pages, boolean keptOpen) {
        this.owner = owner;
        this.layout = layout;
        this.pages = pages;
        this.keptOpen = keptOpen;
        this.mayBeSwapped = owner.pages().wantsLocks() && !pages.isLocked();
        pages.fillRandom(0, RegionLayout.MIN_CANARY);
        this.canary = Canary.spread(pages.bytes(), layout.canarySize());
    }

    static RegionData allocate(RegionOwner owner, int dataSize) {
        return allocate(owner, dataSize, false);
    }

    /**
     * Makes memory.
     *
     * @param keptOpen whether the pages stay readable and writable between accesses, because what rests in them is no
     *     plaintext, and no access may cost a system call
     */
    static RegionData allocate(RegionOwner owner, int dataSize, boolean keptOpen) {
        RegionLayout layout = RegionLayout.of(owner.pages().memCall().pageSize(), dataSize);
        GuardedPages pages = owner.pages().take(layout.innerSize());
        try {
            RegionData memory = new RegionData(owner, layout, pages, keptOpen);
            if (!pages.isLocked()) {
                owner.unlocked();
            }
            return memory;
        } catch (RuntimeException | Error e) {
            owner.pages().abandon(Failures.startingWith(e), pages);
            throw e;
        }
    }

    /** Whether these pages could not be locked, and were wanted to be. The same for the life of the region. */
    boolean mayBeSwapped() {
        return mayBeSwapped;
    }

    int size() {
        return layout.dataSize();
    }

    boolean isKeptOpen() {
        return keptOpen;
    }

    GuardedPages pages() {
        return pages;
    }

    /** A new direct buffer over the data; touching it is legal only while the pages are accessible. */
    ByteBuffer data() {
        return dataOf(pages.bytes());
    }

    /** All bytes between the guard pages, little-endian; for absolute access within the data only. */
    ByteBuffer bytes() {
        return pages.bytes();
    }

    /** Where in {@link #bytes()} a byte of the data is. */
    int indexOf(int offset) {
        return layout.dataOffset() + offset;
    }

    ByteBuffer dataOf(ByteBuffer root) {
        return root.slice(layout.dataOffset(), layout.dataSize());
    }

    byte get(int index) {
        return pages.bytes().get(layout.dataOffset() + index);
    }

    void put(int index, byte value) {
        pages.bytes().put(layout.dataOffset() + index, value);
    }

    /** Of bytes in little-endian order. */
    short getShort(int index) {
        return pages.bytes().getShort(layout.dataOffset() + index);
    }

    /** As above. */
    int getInt(int index) {
        return pages.bytes().getInt(layout.dataOffset() + index);
    }

    /** As above. */
    long getLong(int index) {
        return pages.bytes().getLong(layout.dataOffset() + index);
    }

    /** As above. */
    void putShort(int index, short value) {
        pages.bytes().putShort(layout.dataOffset() + index, value);
    }

    /** As above. */
    void putInt(int index, int value) {
        pages.bytes().putInt(layout.dataOffset() + index, value);
    }

    /** As above. */
    void putLong(int index, long value) {
        pages.bytes().putLong(layout.dataOffset() + index, value);
    }

    void copyOut(int offset, byte[] target, int targetOffset, int length) {
        TracelessCopy.copy(pages.bytes(), layout.dataOffset() + offset, target, targetOffset, length);
    }

    /** The target's position stays. */
    void copyOut(int offset, ByteBuffer target, int to, int length) {
        TracelessCopy.copy(pages.bytes(), layout.dataOffset() + offset, target, to, length);
    }

    /** Compares bytes of the data with a whole array, in a time that depends on its length only. */
    boolean contentEquals(int offset, byte[] other) {
        int difference = 0;
        for (int i = 0; i < other.length; i++) {
            difference |= get(offset + i) ^ other[i];
        }
        return difference == 0;
    }

    void copyIn(int offset, byte[] source, int sourceOffset, int length) {
        TracelessCopy.copy(source, sourceOffset, pages.bytes(), layout.dataOffset() + offset, length);
    }

    void copyIn(int offset, RegionData source, int sourceOffset, int length) {
        copyIn(offset, source.pages.bytes(), source.layout.dataOffset() + sourceOffset, length);
    }

    /** The source's position stays. */
    void copyIn(int offset, ByteBuffer source, int from, int length) {
        TracelessCopy.copy(source, from, pages.bytes(), layout.dataOffset() + offset, length);
    }

    @Nullable
    ScopedBuffer openScopedBuffer(int offset, int length) {
        return pages.openScopedBuffer(layout.dataOffset() + offset, length);
    }

    /** The bytes themselves, read-only, for those who keep no buffer: reading it is legal only while the pages are readable. */
    ByteBuffer readOnly(int offset, int length) {
        return pages.bytes().slice(layout.dataOffset() + offset, length).asReadOnlyBuffer();
    }

    /** Takes in a copy that is to show what is written. */
    void addFollower(Follower copy) {
        List<Follower> all = followers;
        if (all == null) {
            all = new ArrayList<>();
            followers = all;
        }
        all.add(copy);
    }

    void removeFollower(Follower copy) {
        List<Follower> all = followers;
        if (all != null && all.remove(copy) && all.isEmpty()) {
            followers = null;
        }
    }

    /** Called by the thread that writes, after it has. */
    void written(int offset, int length) {
        List<Follower> all = followers;
        if (all != null) {
            all.forEach(copy -> copy.follow(offset, length));
        }
    }

    /** Changes the protection, unless it is so already. */
    void protect(Protection wanted) {
        if (!keptOpen && protection != wanted) {
            protection = null;
            pages.protect(wanted);
            protection = wanted;
        }
    }

    void fillRandom() {
        fillRandom(0, layout.dataSize());
    }

    void fillRandom(int offset, int length) {
        pages.fillRandom(layout.dataOffset() + offset, length);
    }

    /** Overwrites the data with zeros; the pages must be writable. */
    void wipeData() {
        wipeData(0, layout.dataSize());
    }

    /** As {@link #wipeData()}, for a part of the data. */
    void wipeData(int offset, int length) {
        zero(pages.bytes(), layout.dataOffset() + offset, layout.dataOffset() + offset + length);
    }

    /**
     * Wipes everything, checks the canary and gives the pages back. Every step is attempted. May be called again after a
     * failure.
     *
     * @return whether the bytes are gone and the pages are given back
     */
    boolean release(Failures failures) {
        return wipeForRelease(failures) && failures.attempt(() -> owner.giveBack(pages));
    }

    /**
     * Wipes everything and checks the canary. The pages are the caller's to give back. May be called again after a failure.
     *
     * @return whether the bytes are gone
     */
    boolean wipeForRelease(Failures failures) {
        if (!wiped) {
            if (!failures.attempt(() -> protect(Protection.READ_WRITE))) {
                return false;
            }
            wipe(failures);
        }
        return true;
    }

    /** Writable pages only. */
    private void wipe(Failures failures) {
        if (wiped) {
            return;
        }
        boolean intact = canary.isIntact(pages.bytes(), layout.canarySize());
        zero(pages.bytes(), 0, pages.size());
        wiped = true;
        if (!intact) {
            owner.canaryViolated();
            failures.add(new CanaryViolationException("The canary in front of a buffer of " + layout.dataSize()
                    + " bytes was overwritten; the buffer was wiped. Something wrote outside its bounds: treat"
                    + " this process as compromised."));
        }
    }

    /** Wipes and unmaps pages that nobody uses any more. Never throws: nobody is there to catch it. */
    void freeRetired() {
        Failures failures = new Failures();
        wipe(failures);
        owner.pages().abandon(failures, pages);
    }

    static void zero(ByteBuffer buffer, int from, int to) {
        int index = from;
        for (; index + ZEROS.length <= to; index += ZEROS.length) {
            buffer.put(index, ZEROS);
        }
        for (; index + Long.BYTES <= to; index += Long.BYTES) {
            buffer.putLong(index, 0);
        }
        for (; index < to; index++) {
            buffer.put(index, (byte) 0);
        }
    }
}
