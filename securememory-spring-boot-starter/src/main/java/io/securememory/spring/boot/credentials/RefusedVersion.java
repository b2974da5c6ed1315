package io.securememory.spring.boot.credentials;

import io.securememory.Secret;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The newest version of a password that a database has refused, and that others are preferred to for some time: a second, then
 * two, up to a minute. While an older version is good, a wrong one is so seldom sent that it should not lock the account.
 *
 * <p>Threading: safe for use by several threads.
 */
final class RefusedVersion {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** What the database said last; null if it has not refused the newest version. */
    private volatile @Nullable Refusal refusal;

    /** @param nextTry in nanoseconds of {@link System#nanoTime} */
    private record Refusal(Secret version, Duration pause, long nextTry) {}

    /** Tells whether this version was refused so short a time ago that others are preferred. */
    boolean waits(Secret newest) {
        Refusal last = refusal;
        return last != null && last.version() == newest && System.nanoTime() - last.nextTry() < 0;
    }

    /** Begins a pause, unless there is one. */
    void remember(Secret newest) {
        if (waits(newest)) {
            return;
        }
        Refusal last = refusal;
        Duration pause = last == null || last.version() != newest
                ? FIRST_PAUSE
                : last.pause().multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
        refusal = new Refusal(newest, pause, System.nanoTime() + pause.toNanos());
    }

    /** The database has taken the newest version. */
    void forget() {
        refusal = null;
    }
}
