package io.securememory.benchmarks;

/**
 * One measurement divided by another.
 *
 * @param value the quotient of the means or medians
 * @param error half of its interval, from both errors as if they were independent; NaN if one is unknown
 */
record Ratio(double value, double error) {

    /** What is known exactly. */
    static Ratio exactly(double value) {
        return new Ratio(value, 0);
    }

    static Ratio of(Measurement measurement) {
        return new Ratio(measurement.mean(), measurement.error());
    }

    /** The median, without an error. */
    static Ratio ofMedian(Measurement measurement) {
        return new Ratio(measurement.median(), Double.NaN);
    }

    Ratio times(double factor) {
        return new Ratio(value * factor, error * factor);
    }

    Ratio per(Ratio other) {
        double quotient = value / other.value;
        double relative = Math.hypot(value == 0 ? 0 : error / value, other.error / other.value);
        return new Ratio(quotient, Math.abs(quotient) * relative);
    }

    @Override
    public String toString() {
        return Unit.pair(value, error);
    }
}
