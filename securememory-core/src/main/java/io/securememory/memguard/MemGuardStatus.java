package io.securememory.memguard;

/**
 * Counts of one {@link MemGuard} at one moment. Holds no content, address or length of a single buffer.
 *
 * @param liveBuffers buffers that are not released yet
 * @param createdTotal buffers created since the start, those included whose filling failed
 * @param closedTotal buffers released since the start, by close or purge
 * @param lockedBytes bytes locked now, in whole pages, together with all that share the limit
 * @param lockLimitBytes most bytes that may be locked, or -1 if there is no limit
 * @param mappings mappings of the process, at most, as they were last counted and with the regions since; without those of
 *     others as long as there are few
 * @param mappingLimit mappings of the process at which no more regions are mapped, or -1 if there is no limit or it is not
 *     known
 * @param idleRegions wiped regions kept for reuse by all that share the limit
 * @param idleBytes bytes of idle regions, which are part of the locked bytes
 * @param purgesTotal purges since the start
 * @param canaryViolationsTotal overwritten canaries found since the start
 * @param degradedTotal buffers that could not be locked under policy best-effort
 * @param liveUnlocked buffers, windows and keys that are not released yet and could not be locked under policy best-effort
 * @param leakedTotal buffers that became unreachable while open, of all that share the limit
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
