package io.securememory.benchmarks;

import java.io.PrintStream;
import java.util.List;
import java.util.Set;

/**
 * Measures what the bounds need. A bound that is crossed is measured afresh once, as noise of the machine may have done it.
 * Bounds are ratios of
 * medians, never times. What this machine cannot measure holds; what fails to be measured does not.
 */
final class QuickMode {

    /** Measures keys. */
    interface Measurer {
        void measure(Set<Key> keys);
    }

    private final List<Target> bounds;
    private final PrintStream out;
    private boolean holds;

    QuickMode(List<Target> bounds, PrintStream out) {
        this.bounds = bounds;
        this.out = out;
    }

    /**
     * Measures and judges.
     *
     * @param results where the measurers put what they measured
     * @param first measures
     * @param again measures anew, in place of what there is
     */
    void run(Results results, Measurer first, Measurer again) {
        first.measure(Targets.keys(bounds));
        List<Target> crossed = crossed(results);
        if (!crossed.isEmpty()) {
            out.println(crossed.size() + " bounds crossed or failed, and measured afresh once:");
            out.print(Report.table(judge(crossed, results)));
            again.measure(Targets.keys(crossed));
        }
        out.println();
        out.print(Report.table(judge(bounds, results)));
        List<Target> stillCrossed = crossed(results);
        holds = stillCrossed.isEmpty();
        stillCrossed.forEach(target -> out.println("FAILED: " + target.name()));
    }

    boolean holds() {
        return holds;
    }

    private static List<Verdict> judge(List<Target> targets, Results results) {
        return targets.stream().map(target -> target.judgeMedians(results)).toList();
    }

    private List<Target> crossed(Results results) {
        return bounds.stream()
                .filter(bound -> isCrossed(bound.judgeMedians(results), results))
                .toList();
    }

    private static boolean isCrossed(Verdict verdict, Results results) {
        return verdict.isMeasured()
                ? !verdict.isReached()
                : verdict.target().keys().stream().noneMatch(results.leftOut()::containsKey);
    }
}
