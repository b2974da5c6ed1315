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
 * The canary and the data of one region, in its pages. Does not synchronize: callers do.
 *
 * <p>After it was made, the pages are readable and writable, and the canary is in place. If making it fails, no
 * mapping, no lock and no share of a limit is left behind.
 */
final class RegionData {

    /** A lent copy that shows what is written to the data later. */
    interface Follower {
        /** Called after bytes were written. */
        void follow(int offset, int length);
    }

    /** For wiping long memory: copying zeros is faster than storing words. */
    private static final byte[] ZEROS = new byte[1024];

    private final RegionOwner owner;
    private final RegionLayout layout;
    private final GuardedPages pages;
    private final Canary canary;
    private final boolean keptOpen;
    private final boolean mayBeSwapped;
    private boolean wiped;

    /**
     * The lent copies of the thread that writes, which show what it writes. Null if there are none. Used by that thread
     * only.
     */
    private @Nullable List<Follower> followers;

    /** The present protection; null if a change has failed and it is not known. */
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
     * Takes pages and puts the canary in place.
     *
     * @param keptOpen whether the pages stay readable and writable between accesses; for memory that holds no plaintext
     *     between accesses, so that an access makes no system call
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

    /** Whether these pages were to be locked and could not be. Never changes. */
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

    /** Returns a new direct buffer over the data, which may be used only while the pages are accessible. */
    ByteBuffer data() {
        return dataOf(pages.bytes());
    }

    /**
     * Returns all bytes between the guard pages, little-endian. To be used with absolute indexes within the data only.
     */
    ByteBuffer bytes() {
        return pages.bytes();
    }

    /** Returns the index in {@link #bytes()} of a byte of the data. */
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

    /** Reads two bytes, little-endian. */
    short getShort(int index) {
        return pages.bytes().getShort(layout.dataOffset() + index);
    }

    /** Reads four bytes, little-endian. */
    int getInt(int index) {
        return pages.bytes().getInt(layout.dataOffset() + index);
    }

    /** Reads eight bytes, little-endian. */
    long getLong(int index) {
        return pages.bytes().getLong(layout.dataOffset() + index);
    }

    /** Writes two bytes, little-endian. */
    void putShort(int index, short value) {
        pages.bytes().putShort(layout.dataOffset() + index, value);
    }

    /** Writes four bytes, little-endian. */
    void putInt(int index, int value) {
        pages.bytes().putInt(layout.dataOffset() + index, value);
    }

    /** Writes eight bytes, little-endian. */
    void putLong(int index, long value) {
        pages.bytes().putLong(layout.dataOffset() + index, value);
    }

    void copyOut(int offset, byte[] target, int targetOffset, int length) {
        TracelessCopy.copy(pages.bytes(), layout.dataOffset() + offset, target, targetOffset, length);
    }

    /** Copies bytes of the data to a buffer, whose position does not change. */
    void copyOut(int offset, ByteBuffer target, int to, int length) {
        TracelessCopy.copy(pages.bytes(), layout.dataOffset() + offset, target, to, length);
    }

    /** Compares bytes of the data with a whole array. The time taken depends on its length only. */
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

    /** Copies bytes of a buffer, whose position does not change, to the data. */
    void copyIn(int offset, ByteBuffer source, int from, int length) {
        TracelessCopy.copy(source, from, pages.bytes(), layout.dataOffset() + offset, length);
    }

    @Nullable
    ScopedBuffer openScopedBuffer(int offset, int length) {
        return pages.openScopedBuffer(layout.dataOffset() + offset, length);
    }

    /**
     * Returns a read-only buffer over the data itself. It may be read only while the pages are readable, and must not
     * be kept.
     */
    ByteBuffer readOnly(int offset, int length) {
        return pages.bytes().slice(layout.dataOffset() + offset, length).asReadOnlyBuffer();
    }

    /** Adds a lent copy that is to show what is written. */
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

    /** Called by the thread that writes, after each write. */
    void written(int offset, int length) {
        List<Follower> all = followers;
        if (all != null) {
            all.forEach(copy -> copy.follow(offset, length));
        }
    }

    /** Changes the protection, unless it is in force already or the pages are kept open. */
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

    /** Overwrites a part of the data with zeros; the pages must be writable. */
    void wipeData(int offset, int length) {
        zero(pages.bytes(), layout.dataOffset() + offset, layout.dataOffset() + offset + length);
    }

    /**
     * Wipes everything, checks the canary and gives the pages back. May be called again after a failure.
     *
     * @return whether the bytes are wiped and the pages are given back
     */
    boolean release(Failures failures) {
        return wipeForRelease(failures) && failures.attempt(() -> owner.giveBack(pages));
    }

    /**
     * Wipes everything and checks the canary. The caller gives the pages back. May be called again after a failure.
     *
     * @return whether the bytes are wiped
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

    /** Wipes everything and checks the canary. The pages must be writable. */
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

    /** Wipes and unmaps pages that nobody uses any more. Never throws. */
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
