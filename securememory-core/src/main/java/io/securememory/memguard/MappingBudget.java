package io.securememory.memguard;

import io.securememory.MemoryLimitException;
import io.securememory.memcall.MemCall;

/**
 * Counts the mappings of the process against the kernel's limit, and keeps some free for the rest of the process: a JVM
 * that gets no more mappings ends.
 *
 * <p>Guarded pages take three mappings at most: two guard pages, and the pages between them. They take two where they
 * lie side by side, as the kernel joins adjacent guard pages. A region adds three to the count when it is mapped, and
 * takes one off when it is unmapped, so the count is never too low for regions. The mappings of the rest of the process
 * are known from the last time that the kernel was asked, which takes long. The kernel is asked when there are some
 * mappings, each time that the count has gone half of the way to the limit, and at the bound, unless it has just been
 * asked.
 */
final class MappingBudget {

    /** Mappings of one region: two guard pages, and the pages between them. */
    static final int PER_REGION = 3;

    /** One part in this many of the limit is kept free, unless the options say how many mappings are. */
    static final int SHARE = 6;

    /**
     * The kernel is asked once the count reaches one part in this many of the limit. Below that, the rest of the
     * process does not matter.
     */
    private static final int FIRST_COUNT = 64;

    /** The kernel is asked again at once if the count may be too high by one part in this many of the bound. */
    private static final int WORTH_IT = 32;

    /** Otherwise it is not asked again for this many times as long as its last answer took. */
    private static final int PATIENCE = 100;

    private static final long UNKNOWN = -1;

    // All fields are guarded by this.
    private long count;
    private long limit = UNKNOWN;
    private boolean limitRead;
    private long nextCount;
    private long changes;
    private boolean counted;
    private long countedNanos;
    private long countingNanos;

    /**
     * Counts one more region.
     *
     * @param size bytes of the region, for the message of the exception
     * @param reserve mappings to keep free, or -1 for the default share of the limit
     * @throws MemoryLimitException if these would not stay free
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

    /** Takes one mapping off the count for each region that was unmapped, or not mapped after all. */
    synchronized void release(int regions) {
        count -= regions;
        changes += regions;
    }

    /** Returns an upper bound of the number of mappings, once there are enough to matter. */
    synchronized long count() {
        return count;
    }

    /** Returns the limit as last read, less the mappings to keep free; -1 if there is no limit or it is not known. */
    synchronized long limit(MemCall memCall, long reserve) {
        return most(memCall, reserve);
    }
}
