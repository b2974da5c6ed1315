package io.securememory.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

class FaultLoopTest {

    /** Two calls, and an account of which failed in which turn. */
    private static class Counting extends FaultLoop<List<String>> implements FaultLoop.Faults {
        private final List<String> turns = new ArrayList<>();
        private final int callsOfTheOperation;
        private List<String> calls = new ArrayList<>();
        private IntPredicate fails = call -> false;

        Counting(int callsOfTheOperation) {
            this.callsOfTheOperation = callsOfTheOperation;
        }

        @Override
        public void failWhere(IntPredicate chosen) {
            calls = new ArrayList<>();
            fails = chosen;
        }

        @Override
        public List<String> calls() {
            return calls;
        }

        @Override
        protected List<String> newWorld() {
            return new ArrayList<>();
        }

        @Override
        protected Faults faults(List<String> world) {
            return this;
        }

        @Override
        protected void operate(List<String> world) {
            for (int i = 0; i < callsOfTheOperation; i++) {
                world.add(fails.test(calls.size()) ? "fails" : "works");
                calls.add("call");
            }
        }

        @Override
        protected void operateWithFault(List<String> world) {
            operate(world);
        }

        @Override
        protected void end(List<String> world) {
            turns.add(String.join(" ", world));
        }
    }

    @Test
    void eachCallFailsOnceAloneAndOnceWithAllLaterOnes() {
        Counting loop = new Counting(3);

        loop.run();

        assertThat(loop.turns)
                .containsExactly(
                        "works works works",
                        "fails works works",
                        "fails fails fails",
                        "works fails works",
                        "works fails fails",
                        "works works fails",
                        "works works fails");
    }

    @Test
    void operationThatMakesNoCallIsAMistakeOfTheTest() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> new Counting(0).run())
                .withMessageContaining("no call");
    }

    @Test
    void failureSaysInWhichTurnItHappened() {
        Counting loop = new Counting(2) {
            @Override
            protected void end(List<String> world) {
                assertThat(world).isNotEqualTo(List.of("works", "fails"));
            }
        };

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(loop::run)
                .satisfies(e -> assertThat(e.getSuppressed())
                        .singleElement()
                        .satisfies(turn -> assertThat(turn).hasMessageContaining("call 1")));
    }
}
