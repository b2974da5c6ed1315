package io.securememory.spring.boot.properties;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is wrong with the names of properties, all of it, so that nobody has to start once for each. */
final class PropertyNameProblems {

    /** @param choice what there is to choose from, or an empty text */
    private record Problem(String description, String remedy, String choice) {}

    private final List<Problem> problems = new ArrayList<>();

    /** Adds one, in whole sentences that show no value. */
    void add(String description, String remedy) {
        add(description, remedy, "");
    }

    /** Adds one with a sentence on what there is to choose from, which is shown once. */
    void add(String description, String remedy, String choice) {
        Problem problem = new Problem(description, remedy, choice);
        if (!problems.contains(problem)) {
            problems.add(problem);
        }
    }

    /**
     * Ends the start if there is any.
     *
     * @throws PropertyNameException with all of them
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

    /** Asks for each part once, in order. */
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
