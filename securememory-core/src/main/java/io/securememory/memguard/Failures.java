package io.securememory.memguard;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Collects the failures of steps that must all be attempted. The first one is thrown, and the others are suppressed in
 * it.
 */
final class Failures {

    private @Nullable Throwable first;

    /** Returns a collection that holds a first failure already. */
    static Failures startingWith(Throwable failure) {
        Failures failures = new Failures();
        failures.add(failure);
        return failures;
    }

    /** Runs a step. Returns whether it succeeded. */
    boolean attempt(Runnable step) {
        try {
            step.run();
            return true;
        } catch (RuntimeException | Error e) {
            add(e);
            return false;
        }
    }

    void add(@Nullable Throwable failure) {
        if (failure == null || failure == first) {
            return;
        }
        if (first == null) {
            first = failure;
        } else {
            first.addSuppressed(failure);
        }
    }

    /** Runs a step after a failure. If the step fails, too, adds its failure to the first one. */
    static void suppress(Throwable failure, Runnable step) {
        startingWith(failure).attempt(step);
    }

    /** Returns the failure to throw of two: the first one, with the second one suppressed in it. */
    static Throwable chain(@Nullable Throwable first, Throwable second) {
        if (first == null || first == second) {
            return second;
        }
        first.addSuppressed(second);
        return first;
    }

    @Nullable
    Throwable first() {
        return first;
    }

    /** Logs the first failure, if there is one. For places where no caller can catch it. */
    void log(Logger log, String message) {
        if (first != null) {
            log.error(message, first);
        }
    }

    /** Throws the first failure, if there is one. Only unchecked failures are collected. */
    void throwFirst() {
        rethrow(first);
    }

    static void rethrow(@Nullable Throwable failure) {
        if (failure instanceof RuntimeException runtime) {
            throw runtime;
        }
        if (failure instanceof Error error) {
            throw error;
        }
    }
}
