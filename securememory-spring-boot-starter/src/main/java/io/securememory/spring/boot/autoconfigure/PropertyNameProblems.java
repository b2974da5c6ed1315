package io.securememory.spring.boot.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What is wrong with the names of properties, all of it, so that nobody has to start once for each. */
final class PropertyNameProblems {

    private record Problem(String description, String remedy) {}

    private final List<Problem> problems = new ArrayList<>();

    /** Adds one, in whole sentences that show no value. */
    void add(String description, String remedy) {
        Problem problem = new Problem(description, remedy);
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
            throw new PropertyNameException(lines(Problem::description), lines(Problem::remedy));
        }
    }

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
