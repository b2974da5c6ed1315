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
 * Pages between two guard pages, left out of dumps and forks. Made readable and writable, and full of zeros.
 *
 * <p>Knows nothing of what is in them, nor of threads: callers serialize. May serve one region after the other.
 */
final class GuardedPages {

    private final MemCall memCall;
    private final MemoryRegion whole;
    private final MemoryRegion inner;

    /** All bytes between the guard pages, little-endian. Used with absolute indexes only, and never handed out. */
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
     * Maps pages. The caller prepares them, and unmaps them if that fails.
     *
     * @param innerSize bytes between the guard pages, whole pages
     * @param number grows from one mapping to the next
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
     * Everything but the lock.
     *
     * @param secretMemory whether to hide the pages from the kernel, which locks them, too
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

    /** Once, unless the pages are hidden and therefore locked. */
    void lock() {
        if (!locked) {
            memCall.lock(inner);
            locked = true;
        }
    }

    /** Without effect on hidden pages, which are locked for as long as they are mapped. */
    void unlock() {
        if (!hidden) {
            memCall.unlock(inner);
            locked = false;
        }
    }

    boolean isLocked() {
        return locked;
    }

    void protect(Protection protection) {
        memCall.protect(inner, protection);
    }

    void fillRandom(int offset, int length) {
        memCall.fillRandom(inner, offset, length);
    }

    /** Unmaps, which unlocks, too. Does not wipe. */
    void unmap() {
        memCall.free(whole);
        locked = false;
    }

    /**
     * Unmaps all at once.
     *
     * @return those that are still mapped, and why
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
     * Tells which were mapped before others. The kernel mostly puts one mapping beside the one before, so that work on many
     * in this order finds its tables in the processor's caches.
     */
    long number() {
        return number;
    }

    /** Bytes between the guard pages. */
    int size() {
        return bytes.limit();
    }

    ByteBuffer bytes() {
        return bytes;
    }

    /** A new buffer that no other buffer derives from, so that its reachability tells who uses it. */
    ByteBuffer newRoot() {
        return ((RawMemory) inner).newBuffer();
    }

    @Nullable
    ScopedBuffer openScopedBuffer(int offset, int length) {
        return ((RawMemory) inner).openScopedBuffer(offset, length);
    }

    /** All pages, guard pages included. */
    MemoryRegion whole() {
        return whole;
    }

    /** The pages between the guard pages. */
    MemoryRegion inner() {
        return inner;
    }
}
