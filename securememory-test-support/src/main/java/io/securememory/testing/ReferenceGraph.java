package io.securememory.testing;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A graph of references, and its circles: sets in which each member refers to every other member, directly or through
 * others.
 *
 * <p>Not safe for use by several threads.
 *
 * @see <a href="https://doi.org/10.1137/0201010">Tarjan, Depth-first search and linear graph algorithms</a>
 */
public final class ReferenceGraph {

    private final Map<String, NavigableSet<String>> references = new TreeMap<>();

    /** Adds a reference. A reference of a member to itself is ignored. */
    public void add(String from, String to) {
        NavigableSet<String> targets = references.computeIfAbsent(from, any -> new TreeSet<>());
        references.computeIfAbsent(to, any -> new TreeSet<>());
        if (!from.equals(to)) {
            targets.add(to);
        }
    }

    /** Returns all circles of two or more members, the largest first. */
    public List<NavigableSet<String>> circles() {
        Search search = new Search();
        references.keySet().forEach(search::visit);
        search.circles.sort(Comparator.<NavigableSet<String>>comparingInt(Set::size)
                .reversed()
                .thenComparing(NavigableSet::first));
        return search.circles;
    }

    private NavigableSet<String> targetsOf(String from) {
        return references.getOrDefault(from, new TreeSet<>());
    }

    /** Describes circles as text: one line for each circle, followed by the references between its members. */
    public String describe(List<NavigableSet<String>> circles) {
        StringBuilder text = new StringBuilder();
        for (NavigableSet<String> circle : circles) {
            text.append(circle.size()).append(": ").append(circle).append('\n');
            for (String member : circle) {
                NavigableSet<String> within = new TreeSet<>(targetsOf(member));
                within.retainAll(circle);
                text.append("    ").append(member).append(" -> ").append(within).append('\n');
            }
        }
        return text.toString();
    }

    private final class Search {
        private final Map<String, Integer> numbers = new HashMap<>();
        private final Deque<String> path = new ArrayDeque<>();
        private final Set<String> onPath = new HashSet<>();
        private final List<NavigableSet<String>> circles = new ArrayList<>();

        /**
         * Returns the lowest number on the path that can be reached from here; if there is none lower, the number of
         * this member.
         */
        int visit(String from) {
            Integer known = numbers.get(from);
            if (known != null) {
                return onPath.contains(from) ? known : Integer.MAX_VALUE;
            }
            int own = numbers.size();
            numbers.put(from, own);
            path.push(from);
            onPath.add(from);
            int lowest = own;
            for (String to : targetsOf(from)) {
                lowest = Math.min(lowest, visit(to));
            }
            if (lowest == own) {
                leave(from);
            }
            return lowest;
        }

        private void leave(String first) {
            NavigableSet<String> circle = new TreeSet<>();
            String member;
            do {
                member = path.pop();
                onPath.remove(member);
                circle.add(member);
            } while (!member.equals(first));
            if (circle.size() > 1) {
                circles.add(circle);
            }
        }
    }
}
