package io.securememory.benchmarks;

import java.util.Locale;

/** Unit of a measurement, and how a value of it is written. */
enum Unit {
    NANOSECONDS,
    BYTES;

    private static final double THOUSAND = 1000;

    /** Writes a value with its error in the largest unit that leaves something before the point. */
    String format(double value, double error) {
        if (this == BYTES) {
            return format(value, error, 1, "B");
        }
        if (value < THOUSAND) {
            return format(value, error, 1, "ns");
        }
        if (value < THOUSAND * THOUSAND) {
            return format(value, error, THOUSAND, "µs");
        }
        if (value < THOUSAND * THOUSAND * THOUSAND) {
            return format(value, error, THOUSAND * THOUSAND, "ms");
        }
        return format(value, error, THOUSAND * THOUSAND * THOUSAND, "s");
    }

    private static String format(double value, double error, double divisor, String unit) {
        return pair(value / divisor, error / divisor) + " " + unit;
    }

    /** Writes a value with its error, both with as many places as three digits of the value need. */
    static String pair(double value, double error) {
        int places = places(value);
        String written = number(value, places);
        return Double.isNaN(error) ? written : written + " ± " + number(error, places);
    }

    /** Writes a value with three digits. */
    static String number(double value) {
        return number(value, places(value));
    }

    private static String number(double value, int places) {
        return String.format(Locale.ROOT, "%,." + places + "f", value);
    }

    private static int places(double value) {
        double size = Math.abs(value);
        return size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.095 || size == 0 ? 2 : size >= 0.0095 ? 3 : 4;
    }
}
