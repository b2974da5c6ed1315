package io.securememory.benchmarks;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.util.ListStatistics;

/**
 * Samples of one case and one subject.
 *
 * @param key which
 * @param samples each the mean of one iteration, in the unit of the case
 */
record Measurement(Key key, List<Double> samples) {

    private static final double CONFIDENCE = 0.999;
    private static final double PERCENT = 100;

    Measurement {
        samples = List.copyOf(samples);
        if (samples.isEmpty()) {
            throw new IllegalArgumentException(key + " has no samples");
        }
    }

    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    double mean() {
        return statistics().getMean();
    }

    /** The sample in the middle, which a few samples that the machine disturbed do not move. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    double median() {
        return statistics().getPercentile(PERCENT / 2);
    }

    /** Half of the interval that holds the mean with 99.9 % confidence, as JMH has it; NaN of one sample. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    double error() {
        return samples.size() < 2 ? Double.NaN : statistics().getMeanErrorAt(CONFIDENCE);
    }

    private ListStatistics statistics() {
        return new ListStatistics(
                samples.stream().mapToDouble(Double::doubleValue).toArray());
    }

    Measurement and(Measurement more) {
        List<Double> all = new ArrayList<>(samples);
        all.addAll(more.samples);
        return new Measurement(key, all);
    }

    String formatted() {
        return key.what().unit().format(mean(), error());
    }
}
