package io.securememory.benchmarks;

import java.util.List;
import java.util.Optional;
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

    Verdict judge(Results results) {
        Optional<Key> missing =
                keys().stream().filter(key -> results.find(key).isEmpty()).findFirst();
        if (missing.isPresent()) {
            return new Verdict(this, Optional.empty(), missing.get() + ": " + results.reasonOfAbsence(missing.get()));
        }
        Ratio ratio = side(of, results).per(side(per, results)).times(times == null ? 1 : times);
        return new Verdict(this, Optional.of(ratio), "");
    }

    private static Ratio side(String text, Results results) {
        return isNumber(text)
                ? Ratio.exactly(Double.parseDouble(text))
                : Ratio.of(results.find(Key.parse(text)).orElseThrow());
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
