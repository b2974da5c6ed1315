package io.securememory.benchmarks;

import java.util.List;
import java.util.Map;

/**
 * One run, as it is recorded in {@code results.json}.
 *
 * @param effort how long it measured
 * @param machine names and values of what it ran on
 * @param measurements what was measured
 * @param leftOut what this machine could not measure, and why
 * @param failures what failed, and how
 */
record Run(
        String effort,
        Map<String, String> machine,
        List<Measurement> measurements,
        Map<String, String> leftOut,
        Map<String, String> failures) {

    static Run of(Effort effort, Map<String, String> machine, Results results) {
        return new Run(
                effort.name(), machine, results.measurements(), named(results.leftOut()), named(results.failures()));
    }

    private static Map<String, String> named(Map<Key, String> reasons) {
        Map<String, String> result = new java.util.LinkedHashMap<>();
        reasons.forEach((key, reason) -> result.put(key.toString(), reason));
        return result;
    }

    Results results() {
        Results results = new Results();
        measurements.forEach(results::add);
        leftOut.forEach((key, reason) -> results.leaveOut(Key.parse(key), reason));
        failures.forEach((key, reason) -> results.fail(Key.parse(key), reason));
        return results;
    }
}
