package io.securememory.benchmarks;

import java.util.Map;
import java.util.stream.DoubleStream;

/** Results that were made up. */
final class Made {

    private Made() {}

    /** A measurement with these samples. */
    static Measurement measurement(String key, double... samples) {
        return new Measurement(Key.parse(key), DoubleStream.of(samples).boxed().toList());
    }

    /** A measurement with this mean, and the samples 10 % around it. */
    static Measurement around(String key, double mean) {
        return measurement(key, mean * 0.9, mean * 0.95, mean, mean * 1.05, mean * 1.1);
    }

    static Results results(Measurement... measurements) {
        Results results = new Results();
        for (Measurement measurement : measurements) {
            results.add(measurement);
        }
        return results;
    }

    static Run run(Results results) {
        return Run.of(Effort.FULL, Map.of("processor", "made | up"), results);
    }

    static Target atMost(String of, String per, double limit) {
        return new Target("a ratio", of, per, null, limit, null, null, null);
    }

    static Target atLeast(String of, String per, double limit) {
        return new Target("a ratio", of, per, null, null, limit, null, null);
    }
}
