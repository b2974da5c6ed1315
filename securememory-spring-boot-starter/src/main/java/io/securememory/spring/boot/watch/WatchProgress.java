package io.securememory.spring.boot.watch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state of one watched secret or bundle.
 *
 * <p>Threading: safe for use by several threads.
 */
public final class WatchProgress {

    /** Most different failures that are logged between two good checks. */
    private static final int MAX_REPORTED = 20;

    private final InstantSource clock;

    /** Guarded by this, as are all following fields. */
    private WatchState state = WatchState.MISSING;

    private Instant since;
    private @Nullable Instant lastGood;

    /** Null while nothing is wrong. */
    private @Nullable Instant badSince;

    private long failures;
    private @Nullable String problem;

    /** When the purge that wiped it was first noticed; null while it is not wiped. */
    private @Nullable Instant wipedSince;

    private final Set<String> reported = new HashSet<>();

    /** Begins without any content. */
    public WatchProgress(InstantSource clock) {
        this.clock = clock;
        since = clock.instant();
    }

    /** Called when the content in use is that of the files. */
    public synchronized void good() {
        enter(WatchState.CURRENT);
        lastGood = clock.instant();
        badSince = null;
        problem = null;
        reported.clear();
    }

    /** Called when there is no file and none is required. */
    public synchronized void absent() {
        enter(WatchState.MISSING);
        badSince = null;
        problem = null;
        reported.clear();
    }

    /** Called when the content of the files cannot be used, or there are no files. */
    public synchronized void bad(WatchState next, String sentence) {
        failures++;
        differs(next, sentence);
    }

    /** Called when the content of the files cannot be used yet, which is no failure. */
    public synchronized void differs(WatchState next, String sentence) {
        badSince = badSince == null ? clock.instant() : badSince;
        enter(next);
        problem = sentence;
    }

    private void enter(WatchState next) {
        if (state != next) {
            state = next;
            since = clock.instant();
        }
    }

    /** Returns whether a problem has lasted for at least this time. */
    public synchronized boolean isBadFor(Duration patience) {
        return badSince != null && !badSince.plus(patience).isAfter(clock.instant());
    }

    /** Returns true once for each kind of failure since the last good check: then it is to be logged. */
    public synchronized boolean isNew(String kind) {
        return reported.size() < MAX_REPORTED && reported.add(kind);
    }

    /** Returns the number of failed checks since the start. */
    public synchronized long failures() {
        return failures;
    }

    /** Returns the status while it is not wiped. */
    public synchronized WatchStatus status(String kind, String name, boolean watched) {
        wipedSince = null;
        return status(kind, name, watched, state, since, problem);
    }

    /** Returns the status while it is wiped, whatever its file holds. A problem of the file follows the sentence. */
    public synchronized WatchStatus wiped(String kind, String name, boolean watched, String sentence) {
        Instant begin = wipedSince == null ? clock.instant() : wipedSince;
        wipedSince = begin;
        return status(
                kind, name, watched, WatchState.WIPED, begin, problem == null ? sentence : sentence + " " + problem);
    }

    private WatchStatus status(
            String kind, String name, boolean watched, WatchState shown, Instant begin, @Nullable String sentence) {
        Duration age = lastGood == null ? null : Duration.between(lastGood, clock.instant());
        return new WatchStatus(
                kind,
                name,
                watched,
                shown,
                begin,
                lastGood,
                age != null && age.isNegative() ? Duration.ZERO : age,
                failures,
                sentence);
    }
}
