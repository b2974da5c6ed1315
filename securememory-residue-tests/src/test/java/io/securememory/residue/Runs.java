package io.securememory.residue;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import java.time.Duration;
import java.util.List;

/** Starts the programs, in the long form with several garbage collectors. */
final class Runs {

    static final Duration LIMIT = Duration.ofSeconds(150);

    private static final List<String> COLLECTORS = List.of("Serial", "G1", "Parallel");

    private Runs() {}

    /** Returns one collector, or all of them. */
    static List<String> collectors() {
        return COLLECTORS.subList(0, Effort.isThorough() ? COLLECTORS.size() : 1);
    }

    static ChildJvm program(Class<?> type, String collector) {
        ChildJvm child = ChildJvm.onTestClassPath(type).withNativeAccess().within(LIMIT);
        return collector.equals("Serial") ? child.quickStart() : child.options("-XX:+Use" + collector + "GC");
    }
}
