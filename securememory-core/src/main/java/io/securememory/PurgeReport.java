package io.securememory;

/**
 * What one purge did. Every live buffer is counted in exactly one of {@code wiped}, {@code deferred} and {@code failed}.
 *
 * @param wiped buffers that were wiped and released
 * @param deferred buffers that were wiped in place while being read, and are released by their last reader
 * @param failed buffers that could not be wiped, which stay inaccessible, and for which a later close or purge tries again; and
 *     those that were wiped, but whose pages of zeros could not be unmapped, for which a later purge tries again
 * @param bytes bytes of secrets that were wiped, without canaries and padding
 * @param nanoseconds how long the purge took
 */
public record PurgeReport(int wiped, int deferred, int failed, long bytes, long nanoseconds) {

    /** A report of a purge that found nothing. */
    public static final PurgeReport NOTHING = new PurgeReport(0, 0, 0, 0, 0);

    /**
     * Adds up two reports.
     *
     * @param other another report
     * @return the sums
     */
    public PurgeReport plus(PurgeReport other) {
        return new PurgeReport(
                wiped + other.wiped,
                deferred + other.deferred,
                failed + other.failed,
                bytes + other.bytes,
                nanoseconds + other.nanoseconds);
    }
}
