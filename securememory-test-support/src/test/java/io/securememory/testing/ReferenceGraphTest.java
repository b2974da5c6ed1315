package io.securememory.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

@OnEverySystem
class ReferenceGraphTest {

    private final ReferenceGraph graph = new ReferenceGraph();

    @Test
    void chainsAndReferencesToItselfAreNoCircles() {
        graph.add("a", "b");
        graph.add("b", "c");
        graph.add("a", "c");
        graph.add("b", "b");

        assertThat(graph.circles()).isEmpty();
    }

    @Test
    void circlesThatMeetAreOneAndTheLargestComesFirst() {
        graph.add("x", "y");
        graph.add("y", "x");
        graph.add("c", "a");
        graph.add("a", "b");
        graph.add("b", "c");
        graph.add("b", "d");
        graph.add("d", "a");
        graph.add("d", "x");

        assertThat(List.<Set<String>>copyOf(graph.circles()))
                .containsExactly(Set.of("a", "b", "c", "d"), Set.of("x", "y"));
        assertThat(graph.describe(graph.circles()))
                .contains("    b -> [c, d]\n")
                .contains("    d -> [a]\n");
    }
}
