package io.securememory.memguard;

/**
 * Counts of what one {@link MemGuard} has sealed, at one moment.
 *
 * @param live enclaves that are neither closed nor purged; those that were dropped without a close count as live
 * @param sealedTotal enclaves made since the start
 * @param closedTotal enclaves closed or purged since the start
 * @param windows guarded windows that sealed bytes are opened into, in use or idle
 * @param rekeysTotal how often the halves of a key were replaced since the start, by all that share the limit
 * @param rekeyFailuresTotal how often the halves stayed as they were because replacing them failed; the next interval
 *     tries again
 * @param rekeyNanosTotal nanoseconds that took
 * @param rekeyAgeMillis milliseconds since the last time, or -1
 * @param library version of the libcrypto that seals and opens what is long; empty if there is none, or nothing long came yet
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
