package io.securememory.memguard;

import io.securememory.memcall.MemCall;
import io.securememory.memcall.MemoryRegion;
import io.securememory.memcall.Protection;
import io.securememory.memcall.internal.RawMemory;
import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Pages between two guard pages, kept out of core dumps and forked processes. When new, they are readable, writable and
 * full of zeros.
 *
 * <p>Knows nothing of their content. Does not synchronize: callers do. May be used for one region after another.
 */
final class GuardedPages {

    private final MemCall memCall;
    private final MemoryRegion whole;
    private final MemoryRegion inner;

    /** All bytes between the guard pages, little-endian. Used with absolute indexes only, and never passed to users. */
    private final ByteBuffer bytes;

    private final long number;
    private boolean locked;
    private boolean hidden;

    private GuardedPages(MemCall memCall, MemoryRegion whole, MemoryRegion inner, ByteBuffer bytes, long number) {
        this.number = number;
        this.memCall = memCall;
        this.whole = whole;
        this.inner = inner;
        this.bytes = bytes.order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Maps pages. The caller calls {@link #prepare}, and unmaps the pages if that fails.
     *
     * @param innerSize bytes between the guard pages, whole pages
     * @param number a number that grows from mapping to mapping
     */
    static GuardedPages map(MemCall memCall, int innerSize, long number) {
        int page = memCall.pageSize();
        MemoryRegion whole = memCall.allocate(innerSize + 2L * page);
        MemoryRegion inner = whole.slice(page, innerSize);
        if (inner instanceof RawMemory raw) {
            return new GuardedPages(memCall, whole, inner, raw.newBuffer(), number);
        }
        IllegalArgumentException foreign =
                new IllegalArgumentException("the MemCall made a region of its own, expected one of MemCalls");
        Failures.suppress(foreign, () -> memCall.free(whole));
        throw foreign;
    }

    /**
     * Applies all protections but the lock.
     *
     * @param secretMemory whether to hide the pages from the kernel; hidden pages are locked
     */
    void prepare(boolean secretMemory) {
        int page = memCall.pageSize();
        if (secretMemory) {
            memCall.hideFromKernel(inner);
            hidden = true;
            locked = true;
        } else {
            memCall.excludeFromDumps(inner);
        }
        memCall.excludeFromFork(inner);
        memCall.protect(whole.slice(0, page), Protection.NO_ACCESS);
        memCall.protect(whole.slice(whole.size() - page, page), Protection.NO_ACCESS);
    }

    /** Locks the pages, unless they are locked already, as hidden pages are. */
    void lock() {
        if (!locked) {
            memCall.lock(inner);
            locked = true;
        }
    }

    /** Unlocks the pages. Has no effect on hidden pages, which stay locked as long as they are mapped. */
    void unlock() {
        if (!hidden) {
            memCall.unlock(inner);
            locked = false;
        }
    }

    boolean isLocked() {
        return locked;
    }

    /** Sets the access. Where pages without access lose their lock, locked pages stay readable. */
    void protect(Protection protection) {
        boolean wouldUnlock = protection == Protection.NO_ACCESS && locked && !memCall.locksPagesWithoutAccess();
        memCall.protect(inner, wouldUnlock ? Protection.READ_ONLY : protection);
    }

    void fillRandom(int offset, int length) {
        memCall.fillRandom(inner, offset, length);
    }

    /** Unmaps the pages, which unlocks them, too. Does not wipe them. */
    void unmap() {
        memCall.free(whole);
        locked = false;
    }

    /**
     * Unmaps many pages at once.
     *
     * @return the pages that are still mapped, and why
     */
    static Map<GuardedPages, RuntimeException> unmapAll(MemCall memCall, Collection<GuardedPages> all) {
        Map<MemoryRegion, RuntimeException> failures =
                memCall.freeAll(all.stream().map(GuardedPages::whole).toList());
        Map<GuardedPages, RuntimeException> mapped = new HashMap<>();
        for (GuardedPages pages : all) {
            RuntimeException failure = failures.get(pages.whole);
            if (failure == null) {
                pages.locked = false;
            } else {
                mapped.put(pages, failure);
            }
        }
        return mapped;
    }

    /**
     * Returns a number that grows from mapping to mapping. The kernel mostly puts a new mapping beside the one before.
     * So work on many mappings in this order finds the kernel's tables in the caches of the processor.
     */
    long number() {
        return number;
    }

    /** Returns the number of bytes between the guard pages. */
    int size() {
        return bytes.limit();
    }

    ByteBuffer bytes() {
        return bytes;
    }

    /**
     * Returns a new buffer that shares no parent with other buffers. So its reachability tells whether it is in use.
     */
    ByteBuffer newRoot() {
        return ((RawMemory) inner).newBuffer();
    }

    @Nullable
    ScopedBuffer openScopedBuffer(int offset, int length) {
        return ((RawMemory) inner).openScopedBuffer(offset, length);
    }

    /** Returns all pages, including the guard pages. */
    MemoryRegion whole() {
        return whole;
    }

    /** Returns the pages between the guard pages. */
    MemoryRegion inner() {
        return inner;
    }
}
