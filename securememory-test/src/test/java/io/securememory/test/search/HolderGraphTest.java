package io.securememory.test.search;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.test.search.HolderGraph.By;
import io.securememory.testing.OnEverySystem;
import io.securememory.testing.Seed;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which objects a root reaches, compared with a search over lists. */
@OnEverySystem
class HolderGraphTest {

    private static final int OBJECTS = 60;

    @Test
    void reachesWhatTheReferencesReachOnShortestWays() {
        Random random = Seed.random("HolderGraphTest");
        for (int round = 0; round < 300; round++) {
            HolderGraph graph = new HolderGraph();
            List<List<Integer>> references = new ArrayList<>();
            for (int i = 0; i < OBJECTS; i++) {
                graph.add(1000L + i, 7);
                references.add(new ArrayList<>());
            }
            for (int i = random.nextInt(3 * OBJECTS); i > 0; i--) {
                int from = random.nextInt(OBJECTS);
                int to = random.nextInt(OBJECTS);
                references.get(from).add(to);
                graph.connect(from, to, By.FIELD, i);
            }
            check(graph, references);
        }
    }

    private static void check(HolderGraph graph, List<List<Integer>> references) {
        int[] distances = distances(references);
        int[] reached = graph.reached(object -> object % 20 == 0);
        BitSet unreached = new BitSet();
        for (int i = 0; i < OBJECTS; i++) {
            assertThat(reached[i] >= HolderGraph.NONE).as("object " + i).isEqualTo(distances[i] >= 0);
            if (distances[i] > 0) {
                assertThat(graph.held(reached[i])).isEqualTo(i);
                assertThat(distances[graph.holder(reached[i])]).isEqualTo(distances[i] - 1);
            } else if (distances[i] < 0) {
                unreached.set(i);
            }
        }
        BitSet above = graph.above(unreached);
        for (int i = 0; i < OBJECTS; i++) {
            assertThat(above.get(i)).as("object " + i).isEqualTo(distances[i] < 0);
        }
    }

    /** Returns how many references each object is away from a root, or -1. */
    private static int[] distances(List<List<Integer>> references) {
        int[] distances = new int[OBJECTS];
        Deque<Integer> queue = new ArrayDeque<>();
        for (int i = 0; i < OBJECTS; i++) {
            distances[i] = i % 20 == 0 ? 0 : -1;
            if (distances[i] == 0) {
                queue.add(i);
            }
        }
        while (!queue.isEmpty()) {
            int from = queue.remove();
            for (int to : references.get(from)) {
                if (distances[to] < 0) {
                    distances[to] = distances[from] + 1;
                    queue.add(to);
                }
            }
        }
        return distances;
    }
}
