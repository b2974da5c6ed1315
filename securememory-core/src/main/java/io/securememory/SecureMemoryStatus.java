package io.securememory;

/**
 * Counts and bytes of one session at one moment. Shows no content, address or length of a single secret.
 *
 * @param liveSecrets secrets that are not released yet
 * @param liveProtected those of storage {@link Storage#PROTECTED}
 * @param liveSealed those of storage {@link Storage#SEALED}, including secrets that were dropped without a close
 * @param liveBuffers buffers of the expert API that are not released yet
 * @param liveEnclaves enclaves of the expert API that are neither closed nor purged
 * @param lockedBytes bytes that this session has locked, in whole pages, including those of idle regions
 * @param lockLimitBytes most bytes that it may lock, or -1 if there is no limit
 * @param mappings memory mappings that count against the limit, at most: those of protected memory of all sessions, and
 *     those of the rest of the process as of the last time that the kernel was asked. It is asked for the first time when
 *     protected memory has a sixty-fourth of {@code vm.max_map_count}; before that, the rest is not in this number
 * @param mappingLimit number of mappings of the process at which no more protected memory is mapped, as the rest is
 *     kept free for the JVM; -1 if there is no limit or it is not known
 * @param idleRegions wiped regions kept for reuse
 * @param idleBytes bytes of idle regions; they are part of the locked bytes and are given up when a limit is reached
 * @param sealingWindows guarded windows that sealed secrets are opened into, in use or idle
 * @param createdTotal secrets and buffers created since the start, including buffers that a secret was read into or
 *     decoded in
 * @param closedTotal secrets and buffers released since the start, by close or purge
 * @param purgesTotal purges since the start
 * @param canaryViolationsTotal overwritten canaries found since the start
 * @param degradedTotal secrets and buffers that could not be locked under policy best-effort, and secrets that were
 *     sealed instead of protected because a limit was reached
 * @param liveUnlocked secrets, buffers, sealing windows and keys that are not released yet and may be swapped, because
 *     they could not be locked under policy best-effort
 * @param sealedInsteadAgeMillis milliseconds since a secret was last sealed instead of protected, or -1 if none was
 * @param leakedTotal secrets and buffers that became unreachable while they were open
 * @param rekeysTotal how often the two halves of a key of sealed secrets were replaced
 * @param rekeyFailuresTotal how often replacing the halves failed; the old ones stay in use, and the next interval
 *     tries again
 * @param rekeyNanosTotal nanoseconds that replacing the halves took in total
 * @param rekeyAgeMillis milliseconds since the halves were last replaced, or -1 if they never were
 * @param library version of the libcrypto that seals and opens long secrets; empty if there is none, or it was not
 *     needed yet
 * @param nativeAccess how native code is called, {@code ffm} or {@code jna}
 * @param backing kind of memory, {@code anonymous} or {@code memfd-secret}; {@code ordinary} if the platform is not
 *     supported, so that nothing is protected
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
