package io.securememory.spring.boot.properties;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Collects all problems with the names of properties, so that one start shows all of them. */
final class PropertyNameProblems {

    /** @param choice the names to choose from, or an empty text */
    private record Problem(String description, String remedy, String choice) {}

    private final List<Problem> problems = new ArrayList<>();

    /** Adds a problem. The texts are whole sentences and show no value. */
    void add(String description, String remedy) {
        add(description, remedy, "");
    }

    /** Adds a problem with a sentence that lists the names to choose from. Equal sentences are shown once. */
    void add(String description, String remedy, String choice) {
        Problem problem = new Problem(description, remedy, choice);
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    /**
     * Ends the start if there is any problem.
     *
     * @throws PropertyNameException with all problems
     */
    void throwIfAny() {
        if (!problems.isEmpty()) {
            Set<String> shown = new HashSet<>(Set.of(""));
            throw new PropertyNameException(
                    lines(Problem::description),
                    lines(problem -> shown.add(problem.choice())
                            ? problem.remedy() + " " + problem.choice()
                            : problem.remedy()));
        }
    }

    /** Joins one part of all problems. The function is called once for each problem, in their order. */
    private String lines(Function<Problem, String> part) {
        return problems.size() == 1
                ? part.apply(problems.get(0))
                : problems.stream()
                        .map(part)
                        .distinct()
                        .map(line -> "- " + line)
                        .collect(Collectors.joining("\n"));
    }
}
