package io.securememory.test.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import shark.HeapObject;
import shark.LeakTrace;
import shark.LeakTraceObject;
import shark.LeakTraceReference;
import shark.LeakTraceReference.ReferenceType;
import shark.ObjectInspector;

/**
 * What holds an object, for people: fields and variables from the object to a root of the garbage collector.
 *
 * @param isString whether the object is the content of a String
 * @param isLiteral whether a class or an annotation has it: it is written in source code
 * @param text the path
 */
record PathText(boolean isString, boolean isLiteral, String text) {

    private static final String BETWEEN = " <- ";
    private static final String ID_LABEL = "id ";

    /** What is in the middle of longer paths is left out. */
    private static final int FIRST = 6;

    private static final int LAST = 3;

    /** The library does not say which objects a path has, so that is made a label of each of them. */
    static final ObjectInspector NAMES = reporter -> {
        HeapObject object = reporter.getHeapObject();
        reporter.getLabels().add(ID_LABEL + object.getObjectId());
    };

    /** Returns the identifier of an object in the dump. */
    static long id(LeakTraceObject object) {
        return object.getLabels().stream()
                .filter(label -> label.startsWith(ID_LABEL))
                .mapToLong(label -> Long.parseLong(label.substring(ID_LABEL.length())))
                .findFirst()
                .orElseThrow();
    }

    static PathText of(LeakTrace trace, Frames frames, boolean isString) {
        List<LeakTraceReference> references = new ArrayList<>(trace.getReferencePath());
        Collections.reverse(references);
        List<String> steps = new ArrayList<>();
        LeakTraceObject held = trace.getLeakingObject();
        boolean complete = false;
        for (LeakTraceReference reference : references) {
            steps.add(step(reference, held, frames));
            held = reference.getOriginObject();
            complete = reference.getReferenceType() == ReferenceType.STATIC_FIELD
                    || reference.getReferenceType() == ReferenceType.LOCAL;
            if (complete) {
                break;
            }
        }
        if (!complete) {
            steps.add(frames.root(id(held), trace.getGcRootType()));
        }
        return new PathText(isString, isLiteral(references), String.join(BETWEEN, shortened(steps)));
    }

    /** @param references the first is the one to the object */
    private static boolean isLiteral(List<LeakTraceReference> references) {
        boolean inClass =
                references.size() > 1 && Literals.isClass(references.get(1).getReferenceName());
        return inClass
                || references.stream()
                        .anyMatch(reference -> Literals.isAnnotation(
                                reference.getOriginObject().getClassName()));
    }

    private static String step(LeakTraceReference reference, LeakTraceObject held, Frames frames) {
        return switch (reference.getReferenceType()) {
            case ARRAY_ENTRY -> "an element of " + reference.getOriginObject().getClassName();
            case STATIC_FIELD -> "static " + reference.getOwningClassName() + "." + reference.getReferenceName();
            case LOCAL -> frames.local(id(held));
            case INSTANCE_FIELD -> reference.getOriginObject().getClassName() + "." + reference.getReferenceName();
        };
    }

    private static List<String> shortened(List<String> steps) {
        if (steps.size() <= FIRST + LAST + 1) {
            return steps;
        }
        List<String> shortened = new ArrayList<>(steps.subList(0, FIRST));
        shortened.add("...");
        shortened.addAll(steps.subList(steps.size() - LAST, steps.size()));
        return shortened;
    }
}
