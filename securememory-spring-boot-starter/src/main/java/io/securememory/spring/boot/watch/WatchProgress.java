package io.securememory.spring.boot.watch;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the state of one watched thing.
 *
 * <p>Threading: safe for use by several threads.
 */
public final class WatchProgress {

    /** Most failures that are reported in a row, should each be another one. */
    private static final int MAX_REPORTED = 20;

    private final InstantSource clock;

    /** Guarded by this, as is all that follows. */
    private WatchState state = WatchState.MISSING;

    private Instant since;
    private @Nullable Instant lastGood;

    /** Null while nothing is wrong. */
    private @Nullable Instant badSince;

    private long failures;
    private @Nullable String problem;

    /** When it was first seen to be wiped by a purge; null while it is not. */
    private @Nullable Instant wipedSince;

    private final Set<String> reported = new HashSet<>();

    /** Nothing is there yet. */
    public WatchProgress(InstantSource clock) {
        this.clock = clock;
        since = clock.instant();
    }

    /** What is in use is what the files hold. */
    public synchronized void good() {
        enter(WatchState.CURRENT);
        lastGood = clock.instant();
        badSince = null;
        problem = null;
        reported.clear();
    }

    /** There is nothing, which is no failure. */
    public synchronized void absent() {
        enter(WatchState.MISSING);
        badSince = null;
        problem = null;
        reported.clear();
    }

    /** The files hold what cannot be taken, or are not there. */
    public synchronized void bad(WatchState next, String sentence) {
        failures++;
        differs(next, sentence);
    }

    /** The files hold what cannot be taken, which is no failure yet. */
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

    /** Tells whether something is wrong for so long. */
    public synchronized boolean isBadFor(Duration patience) {
        return badSince != null && !badSince.plus(patience).isAfter(clock.instant());
    }

    /** Tells once of each kind of failure since it was last good whether it is to be reported. */
    public synchronized boolean isNew(String kind) {
        return reported.size() < MAX_REPORTED && reported.add(kind);
    }

    /** How often it could not be had, since the start. */
    public synchronized long failures() {
        return failures;
    }

    /** The status while it is not wiped. */
    public synchronized WatchStatus status(String kind, String name, boolean watched) {
        wipedSince = null;
        return status(kind, name, watched, state, since, problem);
    }

    /** The status while it is wiped, whatever its file holds. What is wrong with that is told after the sentence. */
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
