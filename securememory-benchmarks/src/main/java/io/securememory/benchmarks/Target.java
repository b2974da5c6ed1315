package io.securememory.benchmarks;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a ratio of two measurements shall be: an aim, or a bound that it must not cross.
 *
 * @param name short name
 * @param of key of what is divided, or a number
 * @param per key of what it is divided by, or a number
 * @param times factor of the quotient; 1 if absent
 * @param atMost largest good value, or absent
 * @param atLeast smallest good value, or absent
 * @param unit what the value is in, if it is more than a ratio
 * @param note what a reader should know: where a number comes from, or the aim beside a bound
 */
record Target(
        String name,
        String of,
        String per,
        @Nullable Double times,
        @Nullable Double atMost,
        @Nullable Double atLeast,
        @Nullable String unit,
        @Nullable String note) {

    Target {
        if ((atMost == null) == (atLeast == null)) {
            throw new IllegalArgumentException(name + " needs one of atMost and atLeast");
        }
        Stream.of(of, per).filter(text -> !isNumber(text)).forEach(Key::parse);
    }

    private static boolean isNumber(String text) {
        return !text.contains("/");
    }

    /** The measurements that it needs. */
    List<Key> keys() {
        return Stream.of(of, per)
                .filter(text -> !isNumber(text))
                .map(Key::parse)
                .toList();
    }

    /** Judges by the means, with their errors. */
    Verdict judge(Results results) {
        return judge(results, Ratio::of);
    }

    /** Judges by the medians, as a busy machine makes single samples a thousand times longer, and with them the mean. */
    Verdict judgeMedians(Results results) {
        return judge(results, Ratio::ofMedian);
    }

    private Verdict judge(Results results, Function<Measurement, Ratio> value) {
        Optional<Key> missing =
                keys().stream().filter(key -> results.find(key).isEmpty()).findFirst();
        if (missing.isPresent()) {
            return new Verdict(this, Optional.empty(), missing.get() + ": " + results.reasonOfAbsence(missing.get()));
        }
        Ratio ratio = side(of, results, value).per(side(per, results, value)).times(times == null ? 1 : times);
        return new Verdict(this, Optional.of(ratio), "");
    }

    private static Ratio side(String text, Results results, Function<Measurement, Ratio> value) {
        return isNumber(text)
                ? Ratio.exactly(Double.parseDouble(text))
                : value.apply(results.find(Key.parse(text)).orElseThrow());
    }

    double limit() {
        return atMost != null ? atMost : java.util.Objects.requireNonNull(atLeast);
    }

    String limitText() {
        return (atMost != null ? "at most " : "at least ") + Unit.number(limit()) + unitText();
    }

    String unitText() {
        return unit == null ? "" : " " + unit;
    }
}
