package io.securememory.memguard;

/**
 * Counts of what one {@link MemGuard} has sealed, at one moment.
 *
 * @param live enclaves that are neither closed nor purged, including those that were dropped without a close
 * @param sealedTotal enclaves made since the start
 * @param closedTotal enclaves closed or purged since the start
 * @param windows guarded windows that sealed bytes are opened into, in use or idle
 * @param rekeysTotal how often the halves of a key were replaced since the start, in the whole session
 * @param rekeyFailuresTotal how often replacing the halves failed; the old ones stay in use, and the next interval
 *     tries again
 * @param rekeyNanosTotal nanoseconds that replacing the halves took in total
 * @param rekeyAgeMillis milliseconds since the halves were last replaced, or -1 if they never were
 * @param library version of the libcrypto that seals and opens long texts; empty if there is none, or it was not needed
 *     yet
 */
public record EnclaveStatus(
        int live,
        long sealedTotal,
        long closedTotal,
        int windows,
        long rekeysTotal,
        long rekeyFailuresTotal,
        long rekeyNanosTotal,
        long rekeyAgeMillis,
        String library) {}
