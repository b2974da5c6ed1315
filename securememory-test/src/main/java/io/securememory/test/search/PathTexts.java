package io.securememory.test.search;

import io.securememory.test.search.HolderGraph.By;
import java.util.ArrayList;
import java.util.List;

/** Writes paths for people. */
final class PathTexts {

    private static final String BETWEEN = " <- ";
    /** From an array to its String, to the array of the texts of a class, to the class: lambdas in it lead elsewhere. */
    private static final int STEPS_TO_TEXTS = 2;

    /** What is in the middle of longer paths is left out. */
    private static final int FIRST = 6;

    private static final int LAST = 3;

    /** What refers to garbage is garbage as well, and tells where it came from. */
    private static final int OF_GARBAGE = 3;

    private final DumpOutline outline;
    private final HolderGraph graph;
    private final DumpNames names;

    PathTexts(DumpOutline outline, HolderGraph graph, DumpNames names) {
        this.outline = outline;
        this.graph = graph;
        this.names = names;
    }

    /**
     * Writes the path to an object that is reached.
     *
     * @param reached through which reference
     */
    PathText live(int object, int[] reached) {
        boolean isString = isOfString(reached[object]);
        boolean isLiteral = false;
        List<String> steps = new ArrayList<>();
        int at = object;
        int edge = reached[at];
        for (int number = 0; edge != HolderGraph.NONE; number++) {
            if (!(isString && at == object)) {
                steps.add(step(edge));
            }
            isLiteral |= isAnnotation(edge) || (isString && number == STEPS_TO_TEXTS && isTextsOfClass(edge));
            at = graph.holder(edge);
            edge = reached[at];
        }
        if (!outline.isClass(graph.id(at))) {
            steps.add(names.root(graph.id(at)));
        }
        return new PathText(true, isString, isLiteral, String.join(BETWEEN, shortened(steps)));
    }

    /**
     * Writes what refers to an object that is not reached.
     *
     * @param firstTo a reference to each object
     */
    PathText garbage(int object, int[] firstTo) {
        boolean isString = isOfString(firstTo[object]);
        List<String> steps = new ArrayList<>();
        int at = isString ? graph.holder(firstTo[object]) : object;
        for (int edge = firstTo[at]; edge != HolderGraph.NONE && steps.size() < OF_GARBAGE; edge = firstTo[at]) {
            steps.add(step(edge));
            at = graph.holder(edge);
        }
        return new PathText(false, isString, false, String.join(BETWEEN, steps));
    }

    private boolean isOfString(int edge) {
        return edge >= 0 && graph.kind(edge) == By.FIELD && outline.isString(graph.type(graph.holder(edge)));
    }

    private boolean isTextsOfClass(int edge) {
        return graph.kind(edge) == By.STATIC && Literals.isClass(names.of(graph.detail(edge)));
    }

    private boolean isAnnotation(int edge) {
        return graph.kind(edge) == By.FIELD && Literals.isAnnotation(names.type(graph.type(graph.holder(edge))));
    }

    private String step(int edge) {
        int holder = graph.holder(edge);
        long type = graph.type(holder);
        return switch (graph.kind(edge)) {
            case ELEMENT -> "an element of " + names.type(type);
            case LOADER -> "loader of class " + names.type(graph.id(holder));
            case STATIC ->
                isTextsOfClass(edge)
                        ? "a text in class " + names.type(graph.id(holder))
                        : "static " + names.type(graph.id(holder)) + "." + names.of(graph.detail(edge));
            case FIELD -> {
                var field = outline.fields(type)[(int) graph.detail(edge)];
                yield names.type(type) + "." + names.of(field.name());
            }
        };
    }

    private static List<String> shortened(List<String> all) {
        List<String> steps = counted(all);
        if (steps.size() <= FIRST + LAST + 1) {
            return steps;
        }
        List<String> shortened = new ArrayList<>(steps.subList(0, FIRST));
        shortened.add("...");
        shortened.addAll(steps.subList(steps.size() - LAST, steps.size()));
        return shortened;
    }

    /** Writes what comes several times in a row once, with its number. */
    private static List<String> counted(List<String> steps) {
        List<String> counted = new ArrayList<>();
        for (int i = 0; i < steps.size(); ) {
            int end = i + 1;
            while (end < steps.size() && steps.get(end).equals(steps.get(i))) {
                end++;
            }
            counted.add(end - i == 1 ? steps.get(i) : steps.get(i) + " (" + (end - i) + " times)");
            i = end;
        }
        return counted;
    }
}
