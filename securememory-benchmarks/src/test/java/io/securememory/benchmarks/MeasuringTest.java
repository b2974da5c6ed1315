package io.securememory.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MeasuringTest {

    private static final Key OURS = Key.parse("access-own/1/protected-ffm");
    private static final Key HEAP = Key.parse("allocation/1/protected-ffm");
    private static final Key ASHERAH = Key.parse("access-own/1/asherah");
    private static final Key FLOOR = Key.parse("access-own/1/c");

    private final List<Key> ran = new ArrayList<>();
    private final Measuring measuring = new Measuring(Effort.SMOKE, new PrintStream(OutputStream.nullOutputStream()));
    private double value = 1;

    private interface Body {
        List<Measurement> run() throws Exception;
    }

    private Step step(Body body, Key... yields) {
        return new Step() {
            @Override
            public List<Key> yields() {
                return List.of(yields);
            }

            @Override
            public List<Measurement> run(Effort effort) throws Exception {
                ran.add(yields[0]);
                return body.run();
            }
        };
    }

    private Step measured(Key... yields) {
        return step(
                () -> List.of(yields).stream()
                        .map(key -> new Measurement(key, List.of(value)))
                        .toList(),
                yields);
    }

    private List<Double> samples(Key key) {
        return measuring.results().find(key).orElseThrow().samples();
    }

    @Test
    void theFloorIsMeasuredBeforeAndAfterTheOthers() {
        measuring.measure(List.of(new Plan.Group(List.of(measured(FLOOR)), List.of(measured(OURS)))));

        assertThat(ran).containsExactly(FLOOR, OURS, FLOOR);
        assertThat(samples(FLOOR)).hasSize(2);
    }

    @Test
    void aStepThatFailsOrIsUnavailableDoesNotStopTheOthers() {
        Step failing = step(
                () -> {
                    throw new IllegalStateException("it crashed");
                },
                ASHERAH);
        Step unavailable = step(
                () -> {
                    throw new Unavailable("no headers");
                },
                FLOOR);

        measuring.measure(List.of(new Plan.Group(List.of(unavailable), List.of(failing, measured(OURS)))));

        assertThat(samples(OURS)).hasSize(1);
        assertThat(measuring.results().failures()).containsOnlyKeys(ASHERAH);
        assertThat(measuring.results().leftOut()).containsEntry(FLOOR, "no headers");
    }

    @Test
    void onlyStepsThatYieldWhatIsAskedForAreRun() {
        measuring.measure(
                List.of(new Plan.Group(List.of(measured(FLOOR)), List.of(measured(ASHERAH), measured(OURS, HEAP)))),
                Set.of(HEAP));

        assertThat(ran).containsExactly(OURS);
    }

    @Test
    void repeatingReplacesWhatIsAskedForAndLeavesTheRest() {
        List<Plan.Group> groups = List.of(new Plan.Group(List.of(), List.of(measured(OURS, HEAP), measured(ASHERAH))));
        measuring.measure(groups);
        value = 2;

        measuring.repeat(groups, Set.of(OURS));

        assertThat(samples(OURS)).containsExactly(2.0);
        assertThat(samples(HEAP)).containsExactly(1.0);
        assertThat(samples(ASHERAH)).containsExactly(1.0);
        assertThat(ran).containsExactly(OURS, ASHERAH, OURS);
    }
}
