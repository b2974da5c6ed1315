package io.securememory.spring.boot.properties;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;

/** Writes durations for people. */
public final class Durations {

    private static final List<Map.Entry<ChronoUnit, String>> UNITS = List.of(
            Map.entry(ChronoUnit.DAYS, " d"), Map.entry(ChronoUnit.HOURS, " h"), Map.entry(ChronoUnit.MINUTES, " min"));

    private Durations() {}

    /**
     * Returns a duration in the largest unit in which it is a whole number, for example {@code 300 ms}, {@code 5 s} or
     * {@code 10 min}.
     */
    public static String inWords(Duration time) {
        if (time.toNanosPart() != 0) {
            return time.toNanosPart() % 1_000_000 == 0
                    ? fraction(time, 1_000, " ms", time.toNanosPart() / 1_000_000)
                    : fraction(time, 1_000_000_000, " ns", time.toNanosPart());
        }
        for (Map.Entry<ChronoUnit, String> unit : UNITS) {
            long seconds = unit.getKey().getDuration().toSeconds();
            if (!time.isZero() && time.toSeconds() % seconds == 0) {
                return time.toSeconds() / seconds + unit.getValue();
            }
        }
        return time.toSeconds() + " s";
    }

    /** A number that overflows in the unit is written in whole seconds: nobody needs it more exactly. */
    private static String fraction(Duration time, long perSecond, String unit, long rest) {
        long limit = Long.MAX_VALUE / perSecond - 1;
        return Math.abs(time.toSeconds() / 2) >= limit / 2
                ? time.toSeconds() + " s"
                : time.toSeconds() * perSecond + rest + unit;
    }
}
