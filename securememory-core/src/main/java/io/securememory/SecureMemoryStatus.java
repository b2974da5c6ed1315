package io.securememory;

/**
 * Counts and bytes of one session at one moment. Holds no content, address or length of a single secret.
 *
 * @param liveSecrets secrets that are not released yet
 * @param liveProtected those of storage {@link Storage#PROTECTED}
 * @param liveSealed those of storage {@link Storage#SEALED}; one that was dropped without a close counts as live
 * @param liveBuffers buffers of the expert API that are not released yet
 * @param liveEnclaves enclaves of the expert API that are neither closed nor purged
 * @param lockedBytes bytes locked by this session, in whole pages, those of idle regions included
 * @param lockLimitBytes most bytes it may lock, or -1 if there is no limit
 * @param mappings mappings of the process, at most, as they were last counted and with protected memory since; without those
 *     of others as long as there are few
 * @param mappingLimit mappings of the process at which no more protected memory is mapped, so that the rest is left to the
 *     virtual machine, or -1 if there is no limit or it is not known
 * @param idleRegions wiped regions kept for reuse
 * @param idleBytes bytes of idle regions, which are part of the locked bytes and given up when a limit is reached
 * @param sealingWindows guarded windows that sealed secrets are opened into, in use or idle
 * @param createdTotal secrets and buffers created since the start
 * @param closedTotal secrets and buffers released since the start, by close or purge
 * @param purgesTotal purges since the start
 * @param canaryViolationsTotal overwritten canaries found since the start
 * @param degradedTotal secrets and buffers that could not be locked under policy best-effort, and secrets that were
 *     sealed instead of protected, as a limit was reached
 * @param liveUnlocked how many of what is not released yet could not be locked under policy best-effort, and may be swapped: secrets,
 *     buffers, sealing windows and keys
 * @param sealedInsteadAgeMillis milliseconds since a secret was sealed instead of protected for the last time, or -1
 * @param leakedTotal secrets and buffers that became unreachable while they were open
 * @param rekeysTotal how often the halves of the key of sealed secrets were replaced
 * @param rekeyFailuresTotal how often the halves stayed as they were because replacing them failed; the next interval
 *     tries again
 * @param rekeyNanosTotal nanoseconds that took
 * @param rekeyAgeMillis milliseconds since the last time, or -1
 * @param library version of the libcrypto that seals and opens long secrets; empty if there is none, or none was needed yet
 * @param nativeAccess the way native code is called, {@code ffm} or {@code jna}
 * @param backing kind of memory, {@code anonymous} or {@code memfd-secret}
 */
public record SecureMemoryStatus(
        long liveSecrets,
        long liveProtected,
        long liveSealed,
        long liveBuffers,
        long liveEnclaves,
        long lockedBytes,
        long lockLimitBytes,
        long mappings,
        long mappingLimit,
        long idleRegions,
        long idleBytes,
        long sealingWindows,
        long createdTotal,
        long closedTotal,
        long purgesTotal,
        long canaryViolationsTotal,
        long degradedTotal,
        long liveUnlocked,
        long sealedInsteadAgeMillis,
        long leakedTotal,
        long rekeysTotal,
        long rekeyFailuresTotal,
        long rekeyNanosTotal,
        long rekeyAgeMillis,
        String library,
        String nativeAccess,
        String backing) {}
