package io.securememory.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class QuickModeTest {

    private static final Key OURS = Key.parse("access-own/1/protected-ffm");
    private static final Key SEALED = Key.parse("access-own/1/sealed-ffm");
    private static final Key FLOOR = Key.parse("access-own/1/c");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Results results = new Results();
    private final List<Set<Key>> measured = new ArrayList<>();
    private final QuickMode mode = new QuickMode(
            List.of(
                    Made.atMost(OURS.toString(), FLOOR.toString(), 2),
                    Made.atMost(SEALED.toString(), FLOOR.toString(), 2)),
            new PrintStream(out, true, StandardCharsets.UTF_8));

    private void run(double sealedFirst, double sealedAgain) {
        mode.run(
                results,
                keys -> {
                    measured.add(keys);
                    add(OURS, 1000);
                    add(SEALED, sealedFirst);
                    add(FLOOR, 1000);
                },
                keys -> {
                    measured.add(keys);
                    keys.forEach(results::forget);
                    add(SEALED, sealedAgain);
                    add(FLOOR, 1000);
                });
    }

    private void add(Key key, double mean) {
        results.add(Made.around(key.toString(), mean));
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void holdsWhenEveryBoundHoldsAndMeasuresOnce() {
        run(1900, Double.NaN);

        assertThat(mode.holds()).isTrue();
        assertThat(measured).containsExactly(Set.of(OURS, SEALED, FLOOR));
        assertThat(output()).doesNotContain("FAILED", "afresh");
    }

    @Test
    void measuresOnlyACrossedBoundAfreshAndReportsIt() {
        run(9000, 1000);

        assertThat(mode.holds()).isTrue();
        assertThat(measured).containsExactly(Set.of(OURS, SEALED, FLOOR), Set.of(SEALED, FLOOR));
        assertThat(output()).contains("1 bounds crossed", "9.00").doesNotContain("FAILED");
    }

    @Test
    void fewDisturbedSamplesDoNotCrossABound() {
        mode.run(
                results,
                keys -> {
                    results.add(Made.measurement(OURS.toString(), 1000, 1100, 1e9, 900, 1e9));
                    add(SEALED, 1000);
                    add(FLOOR, 1000);
                },
                measured::add);

        assertThat(mode.holds()).isTrue();
        assertThat(measured).isEmpty();
        assertThat(output()).contains("1.10");
    }

    @Test
    void failsWhenABoundIsCrossedTwice() {
        run(9000, 8000);

        assertThat(mode.holds()).isFalse();
        assertThat(measured).hasSize(2);
        assertThat(output()).contains("8.00", "FAILED: a ratio");
    }

    @Test
    void whatTheMachineCannotMeasureHoldsAndIsReported() {
        mode.run(results, keys -> keys.forEach(key -> results.leaveOut(key, "no compiler")), keys -> {});

        assertThat(mode.holds()).isTrue();
        assertThat(output()).contains("not measured", "no compiler");
    }

    @Test
    void aMeasurementThatFailsCrossesItsBounds() {
        mode.run(
                results,
                keys -> {
                    add(OURS, 1000);
                    add(FLOOR, 1000);
                    results.fail(SEALED, "it crashed");
                },
                measured::add);

        assertThat(measured).containsExactly(Set.of(SEALED, FLOOR));
        assertThat(mode.holds()).isFalse();
        assertThat(output()).contains("it crashed");
    }

    @Test
    void aMeasurementThatIsMissingWithoutAReasonCrossesItsBounds() {
        mode.run(results, keys -> {}, keys -> {});

        assertThat(mode.holds()).isFalse();
    }
}
