package io.securememory.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetTest {

    private static final String OURS = "access-own/1/protected-ffm";
    private static final String FLOOR = "access-own/1/c";

    private final Results results =
            Made.results(Made.measurement(OURS, 2400, 2400, 2400), Made.measurement(FLOOR, 2000, 2000, 2000));

    @ParameterizedTest
    @CsvSource({"1.25, true, 'reached, 4 % to spare'", "1.2, true, 'reached, 0 % to spare'", "1, false, by 20 %"})
    void mostIsReachedFromBelowOrAtTheLimit(double limit, boolean reached, String text) {
        Verdict verdict = Made.atMost(OURS, FLOOR, limit).judge(results);

        assertThat(verdict.isReached()).isEqualTo(reached);
        assertThat(verdict.text()).contains(text);
    }

    @ParameterizedTest
    @CsvSource({"1, true, 'reached, 20 % to spare'", "1.2, true, 'reached, 0 % to spare'", "1.5, false, by 20 %"})
    void leastIsReachedFromAboveOrAtTheLimit(double limit, boolean reached, String text) {
        Verdict verdict = Made.atLeast(OURS, FLOOR, limit).judge(results);

        assertThat(verdict.isReached()).isEqualTo(reached);
        assertThat(verdict.text()).contains(text);
    }

    @Test
    void aNumberMayTakeThePlaceOfAMeasurementAndAFactorMayBeSet() {
        Target milliseconds = new Target("purge", OURS, "1000", 10.0, 30.0, null, "ms", null);

        Verdict verdict = milliseconds.judge(results);

        assertThat(verdict.ratio()).hasValue(new Ratio(24, 0));
        assertThat(verdict.value()).isEqualTo("24.0 ± 0.0 ms");
        assertThat(milliseconds.keys()).containsExactly(Key.parse(OURS));
    }

    @Test
    void theErrorsOfBothSidesCountAndMayLeaveTheResultOpen() {
        Results noisy = Made.results(Made.around(OURS, 2400), Made.around(FLOOR, 2000));
        Measurement ours = noisy.find(Key.parse(OURS)).orElseThrow();
        Measurement floor = noisy.find(Key.parse(FLOOR)).orElseThrow();

        Verdict verdict = Made.atMost(OURS, FLOOR, 1.25).judge(noisy);

        double relative = Math.hypot(ours.error() / 2400, floor.error() / 2000);
        assertThat(verdict.ratio().orElseThrow().value()).isCloseTo(1.2, within(1e-9));
        assertThat(verdict.ratio().orElseThrow().error()).isCloseTo(1.2 * relative, within(1e-9));
        assertThat(verdict.text()).isEqualTo("reached, 4 % to spare, within the error");
    }

    @Test
    void whatIsNotMeasuredIsNotReachedAndSaysWhy() {
        results.leaveOut(Key.parse("access-own/1/libsodium"), "no headers");
        results.fail(Key.parse("access-own/1/asherah"), "it crashed");

        assertThat(Made.atMost(OURS, "access-own/1/libsodium", 9).judge(results))
                .returns(false, Verdict::isMeasured)
                .returns(false, Verdict::isReached)
                .returns("not measured (access-own/1/libsodium: no headers)", Verdict::text);
        assertThat(Made.atMost(OURS, "access-own/1/asherah", 9).judge(results).text())
                .contains("failed: it crashed");
        assertThat(Made.atMost(OURS, "access-own/2/asherah", 9).judge(results).text())
                .contains("not in this run");
    }

    @Test
    void aRatioThatIsNoNumberIsNotReached() {
        Results broken = Made.results(Made.measurement(OURS, 0, 0, 0), Made.measurement(FLOOR, 0, 0, 0));

        assertThat(Made.atMost(OURS, FLOOR, 9).judge(broken).isReached()).isFalse();
        assertThat(Made.atLeast(OURS, FLOOR, 0).judge(broken).isReached()).isFalse();
    }

    @Test
    void aTargetHasOneLimitAndKnownKeys() {
        assertThatThrownBy(() -> new Target("both", OURS, FLOOR, null, 1.0, 1.0, null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("both");
        assertThatThrownBy(() -> Made.atMost(OURS, "access-own/1/somebody", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("somebody");
        assertThatThrownBy(() -> Made.atMost("access-own/protected-ffm", FLOOR, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("case/number/subject");
    }

    @Test
    void everyAimAndBoundIsMeasuredByTheFullRun() throws IOException {
        Tools none =
                new Tools(Jvm.current(), java.util.Optional.empty(), java.util.Optional.empty(), "none", System.out);
        Set<Key> planned = new HashSet<>();
        for (Plan.Group group : Plan.of(none)) {
            group.floor().forEach(step -> planned.addAll(step.yields()));
            group.others().forEach(step -> planned.addAll(step.yields()));
        }

        assertThat(planned).containsAll(Targets.keys(Targets.aims()));
        assertThat(planned).containsAll(Targets.keys(Targets.bounds()));
    }

    @Test
    void everyBoundIsARatioOrBytesAndStatesItsAim() throws IOException {
        List<Target> bounds = Targets.bounds();

        assertThat(bounds).isNotEmpty().allSatisfy(bound -> {
            boolean bytes = bound.keys().get(0).what().unit() == Unit.BYTES;
            assertThat(bound.keys()).as(bound.name()).hasSize(bytes ? 1 : 2);
            assertThat(bound.note()).as(bound.name()).startsWith("aim: ");
        });
    }
}
