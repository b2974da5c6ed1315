package io.securememory.memguard;

import io.securememory.memcall.MemoryLockLimit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Wiped pages that wait for reuse, by size. Bounded by their number and by their bytes. */
final class IdlePages {

    /** Most bytes of idle pages. Less if the limit of locked bytes is small, as they count against it. */
    static final long MAX_BYTES = 4 << 20;

    /** They take at most one part in this many of the limit, but {@link #ALWAYS} in any case. */
    private static final int SHARE = 4;

    private static final long ALWAYS = 1 << 16;

    private final int maxCount;
    private final Map<Integer, Queue<GuardedPages>> bySize = new ConcurrentHashMap<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    IdlePages(int maxCount) {
        this.maxCount = maxCount;
    }

    int count() {
        return count.get();
    }

    long bytes() {
        return bytes.get();
    }

    private Queue<GuardedPages> of(int size) {
        return bySize.computeIfAbsent(size, any -> new ConcurrentLinkedQueue<>());
    }

    /** Takes pages of exactly this size. Returns null if there are none. */
    @Nullable
    GuardedPages take(int size) {
        GuardedPages pages = of(size).poll();
        if (pages != null) {
            count.decrementAndGet();
            bytes.addAndGet(-size);
        }
        return pages;
    }

    /**
     * Keeps pages, if the bounds allow it.
     *
     * @param lockLimit limit of locked bytes, or {@link MemoryLockLimit#UNLIMITED}
     * @return whether they are kept
     */
    boolean offer(GuardedPages pages, long lockLimit) {
        int size = pages.size();
        int newCount = count.incrementAndGet();
        long newBytes = bytes.addAndGet(size);
        if (newCount > maxCount || newBytes > maxBytes(lockLimit)) {
            count.decrementAndGet();
            bytes.addAndGet(-size);
            return false;
        }
        of(size).add(pages);
        return true;
    }

    private static long maxBytes(long lockLimit) {
        return lockLimit == MemoryLockLimit.UNLIMITED
                ? MAX_BYTES
                : Math.min(MAX_BYTES, Math.max(ALWAYS, lockLimit / SHARE));
    }

    List<GuardedPages> takeAll() {
        List<GuardedPages> taken = new ArrayList<>();
        for (Integer size : bySize.keySet()) {
            for (GuardedPages pages = take(size); pages != null; pages = take(size)) {
                taken.add(pages);
            }
        }
        return taken;
    }
}
