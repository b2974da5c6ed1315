package io.securememory;

/**
 * What one purge did. Every secret and buffer that was open when it began is counted in exactly one of {@code wiped},
 * {@code deferred} and {@code failed}.
 *
 * @param wiped secrets and buffers that were wiped and released
 * @param deferred secrets and buffers that were wiped while being read; their last reader releases them
 * @param failed secrets and buffers that could not be wiped: they stay inaccessible, and a later close or purge tries
 *     again. Also those that were wiped, but whose pages could not be unmapped: a later purge tries again
 * @param bytes bytes of secrets that were wiped, without canaries and padding
 * @param nanoseconds how long the purge took
 */
public record PurgeReport(int wiped, int deferred, int failed, long bytes, long nanoseconds) {

    /** The report of a purge that found nothing. */
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
