package io.securememory.memguard;

/**
 * Counts of one {@link MemGuard} at one moment. Holds no content, address or length of a single buffer.
 *
 * @param liveBuffers buffers that are not released yet
 * @param createdTotal buffers created since the start, including those that could not be filled
 * @param closedTotal buffers released since the start, by close or purge
 * @param lockedBytes bytes that the whole session has locked, in whole pages
 * @param lockLimitBytes most bytes that may be locked, or -1 if there is no limit
 * @param mappings upper bound of the number of memory mappings of the process: those of the last count, and those of
 *     regions since then. While there are few mappings, the rest of the process is not counted
 * @param mappingLimit number of mappings of the process at which no more regions are mapped, or -1 if there is no limit
 *     or it is not known
 * @param idleRegions wiped regions kept for reuse, in the whole session
 * @param idleBytes bytes of idle regions, which are part of the locked bytes
 * @param purgesTotal purges since the start
 * @param canaryViolationsTotal overwritten canaries found since the start
 * @param degradedTotal buffers that could not be locked under policy best-effort
 * @param liveUnlocked buffers, windows and keys that are not released yet and could not be locked under policy
 *     best-effort
 * @param leakedTotal buffers that became unreachable while open, in the whole session
 * @param enclaves counts of what is sealed
 */
public record MemGuardStatus(
        int liveBuffers,
        long createdTotal,
        long closedTotal,
        long lockedBytes,
        long lockLimitBytes,
        long mappings,
        long mappingLimit,
        int idleRegions,
        long idleBytes,
        long purgesTotal,
        long canaryViolationsTotal,
        long degradedTotal,
        long liveUnlocked,
        long leakedTotal,
        EnclaveStatus enclaves) {}
