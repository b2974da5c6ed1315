package io.securememory.memguard;

import io.securememory.MemoryLimitException;
import io.securememory.memcall.MemCall;

/**
 * Counts the mappings of the process against the kernel's limit, and keeps room for all else in it: a virtual machine that
 * cannot map any more ends.
 *
 * <p>Guarded pages are three mappings at most, two where they lie side by side, as the kernel joins their guard pages. Each
 * counts as three when it is mapped, and as one when it is unmapped, so that the count is never too low for what is guarded.
 * What the others have is known from the last time that the kernel was asked, which takes long. That happens when there are
 * some, each time that half of the way to the bound is gone, and at the bound, unless it has just been asked.
 */
final class MappingBudget {

    /** Of one region: two guard pages, and what is between them. */
    static final int PER_REGION = 3;

    /** The part of the limit that is kept free, unless the options say how much. */
    static final int SHARE = 6;

    /** Part of the limit from which on the kernel is asked. With fewer there is no need to know what the others have. */
    private static final int FIRST_COUNT = 64;

    /** Part of the bound by which the count must be able to be too high for the kernel to be asked again at once. */
    private static final int WORTH_IT = 32;

    /** So many times as long as the kernel took it is not asked again, unless that is worth it. */
    private static final int PATIENCE = 100;

    private static final long UNKNOWN = -1;

    // All guarded by this.
    private long count;
    private long limit = UNKNOWN;
    private boolean limitRead;
    private long nextCount;
    private long changes;
    private boolean counted;
    private long countedNanos;
    private long countingNanos;

    /**
     * Counts one region more.
     *
     * @param size bytes of it, for the message
     * @param reserve mappings to keep free, or -1 for a part of the limit
     * @throws MemoryLimitException if they would not be free
     */
    synchronized void reserve(MemCall memCall, int size, long reserve) {
        long most = most(memCall, reserve);
        if (most != UNKNOWN) {
            if (count + PER_REGION > Math.min(most, nextCount) && isWorthACount(most)) {
                recount(memCall);
                most = most(memCall, reserve);
            }
            if (count + PER_REGION > most) {
                throw MemoryLimitException.ofMappings(size, count, limit, limit - most);
            }
        }
        count += PER_REGION;
        changes++;
    }

    private long most(MemCall memCall, long reserve) {
        if (!limitRead) {
            limit = memCall.mappingLimit();
            limitRead = true;
            nextCount = limit / FIRST_COUNT;
        }
        if (limit == UNKNOWN) {
            return UNKNOWN;
        }
        return Math.max(0, limit - (reserve < 0 ? limit / SHARE : reserve));
    }

    private boolean isWorthACount(long most) {
        return !counted || changes > most / WORTH_IT || System.nanoTime() - countedNanos > PATIENCE * countingNanos;
    }

    private void recount(MemCall memCall) {
        long start = System.nanoTime();
        limit = memCall.mappingLimit();
        long present = memCall.mappings();
        if (present != UNKNOWN) {
            count = present;
        }
        counted = true;
        countedNanos = System.nanoTime();
        countingNanos = countedNanos - start;
        changes = 0;
        nextCount = count + Math.max(0, limit - count) / 2;
    }

    /** Counts regions that are unmapped, or were not mapped after all. */
    synchronized void release(int regions) {
        count -= regions;
        changes += regions;
    }

    /** As far as is known: at most so many, as soon as there are enough to matter. */
    synchronized long count() {
        return count;
    }

    /** As last read, less what is to be kept free; -1 if there is none or it is not known. */
    synchronized long limit(MemCall memCall, long reserve) {
        return most(memCall, reserve);
    }
}
