package io.securememory.benchmarks;

import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs steps, and tells of each how it came out. A step that fails does not stop the others. */
final class Measuring {

    private final Effort effort;
    private final PrintStream progress;
    private final Results results = new Results();

    Measuring(Effort effort, PrintStream progress) {
        this.effort = effort;
        this.progress = progress;
    }

    Results results() {
        return results;
    }

    /** Measures everything of the groups. */
    void measure(List<Plan.Group> groups) {
        groups.forEach(this::measure);
    }

    /** Measures what yields some of the keys. */
    void measure(List<Plan.Group> groups, Set<Key> keys) {
        measure(groups.stream().map(group -> group.only(keys::contains)).toList());
    }

    /** Measures some keys again, as if they had not been measured. */
    void repeat(List<Plan.Group> groups, Set<Key> keys) {
        keys.forEach(results::forget);
        // A step may yield more than what is asked for; those samples would be added to the ones that it yielded
        // before.
        Map<Key, Measurement> kept = new HashMap<>();
        results.measurements().forEach(measurement -> kept.put(measurement.key(), measurement));
        measure(groups, keys);
        kept.forEach((key, measurement) -> {
            results.forget(key);
            results.add(measurement);
        });
    }

    private void measure(Plan.Group group) {
        group.floor().forEach(this::measure);
        group.others().forEach(this::measure);
        if (!group.others().isEmpty()) {
            group.floor().forEach(this::measure);
        }
    }

    private void measure(Step step) {
        try {
            for (Measurement measurement : step.run(effort)) {
                results.add(measurement);
                progress.println(measurement.key() + ": " + measurement.formatted());
            }
        } catch (Unavailable e) {
            step.yields().forEach(key -> results.leaveOut(key, e.getMessage()));
            progress.println(step.yields() + " left out: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while measuring " + step.yields(), e);
        } catch (Exception e) {
            step.yields().forEach(key -> results.fail(key, String.valueOf(e.getMessage())));
            progress.println(step.yields() + " failed: " + e);
        }
    }
}
