package io.securememory.spring.boot.sources;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Attempts with pauses between, which double from 100 milliseconds to 5 seconds. Each pause is shortened by chance, to as
 * little as half, so that instances that failed together do not try again together.
 */
final class Backoff {

    private static final long FIRST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private Backoff() {}

    /**
     * Tries until an attempt succeeds, fails for good, or there is no time or attempt left. Each attempt but the last one has
     * half of the time that is left.
     *
     * @param retries most attempts after the first one
     * @throws SourceException the failure of the last attempt
     */
    static <T> T attempt(int retries, Deadline deadline, Function<Deadline, T> attempt) {
        for (int failed = 1; true; failed++) {
            boolean last = failed > retries;
            try {
                return attempt.apply(last ? deadline : deadline.half());
            } catch (SourceException e) {
                if (last
                        || !e.isPassing()
                        || !pause(pauseNanos(failed, ThreadLocalRandom.current().nextDouble()), deadline)) {
                    throw e.after(failed);
                }
            }
        }
    }

    /**
     * Returns a pause.
     *
     * @param failed how many attempts have failed
     * @param chance from 0 to less than 1
     */
    static long pauseNanos(int failed, double chance) {
        long longest = Math.min(MOST_NANOS, FIRST_NANOS << Math.min(failed - 1, 10));
        return longest - (long) (chance * longest / 2);
    }

    /** Returns false at once if there is not that much time, or the thread is interrupted, which it stays. */
    private static boolean pause(long nanos, Deadline deadline) {
        if (nanos >= deadline.nanosLeft()) {
            return false;
        }
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
