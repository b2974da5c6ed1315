package io.securememory.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was measured, what was left out and what failed, in the order in which it came. Not for several threads. */
final class Results {

    private final Map<Key, Measurement> measurements = new LinkedHashMap<>();
    private final Map<Key, String> leftOut = new LinkedHashMap<>();
    private final Map<Key, String> failures = new LinkedHashMap<>();

    /** Adds samples to those that the key has. */
    void add(Measurement measurement) {
        measurements.merge(measurement.key(), measurement, Measurement::and);
    }

    /** Notes that this machine cannot measure it. */
    void leaveOut(Key key, String reason) {
        leftOut.put(key, reason);
    }

    /** Notes that it could not be measured though it should. */
    void fail(Key key, String reason) {
        failures.put(key, reason);
    }

    /** Forgets what is known of a key, so that it is measured afresh. */
    void forget(Key key) {
        measurements.remove(key);
        leftOut.remove(key);
        failures.remove(key);
    }

    Optional<Measurement> find(Key key) {
        return Optional.ofNullable(measurements.get(key));
    }

    /** Why there is no measurement. */
    String reasonOfAbsence(Key key) {
        return failures.containsKey(key)
                ? "failed: " + failures.get(key)
                : leftOut.getOrDefault(key, "not in this run");
    }

    List<Measurement> measurements() {
        return new ArrayList<>(measurements.values());
    }

    Map<Key, String> leftOut() {
        return leftOut;
    }

    Map<Key, String> failures() {
        return failures;
    }
}
