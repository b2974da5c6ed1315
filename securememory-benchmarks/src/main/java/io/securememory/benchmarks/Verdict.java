package io.securememory.benchmarks;

import java.util.Locale;
import java.util.Optional;

/**
 * How a target came out.
 *
 * @param target which
 * @param ratio what was measured, if it was
 * @param reason why it was not
 */
record Verdict(Target target, Optional<Ratio> ratio, String reason) {

    private static final int PERCENT = 100;

    boolean isMeasured() {
        return ratio.isPresent();
    }

    /** Whether it was measured and is on the right side of the limit; a value that is no number is on the wrong one. */
    boolean isReached() {
        return ratio.isPresent() && isGood(ratio.get().value());
    }

    private boolean isGood(double value) {
        return target.atMost() != null ? value <= target.limit() : value >= target.limit();
    }

    String value() {
        return ratio.map(value -> value + target.unitText()).orElse("");
    }

    /** Reached or not, by how much, and whether the error leaves that open. */
    String text() {
        if (ratio.isEmpty()) {
            return "not measured (" + reason + ")";
        }
        double value = ratio.get().value();
        double away = Math.abs(value - target.limit()) / target.limit() * PERCENT;
        String distance = String.format(Locale.ROOT, "%.0f %%", away);
        String verdict = isReached() ? "reached, " + distance + " to spare" : "**not reached**, by " + distance;
        boolean open = Math.abs(value - target.limit()) <= ratio.get().error();
        return open ? verdict + ", within the error" : verdict;
    }
}
