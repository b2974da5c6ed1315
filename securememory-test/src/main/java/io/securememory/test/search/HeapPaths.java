package io.securememory.test.search;

import java.io.File;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import shark.CloseableHeapGraph;
import shark.HeapAnalysis;
import shark.HeapAnalysisFailure;
import shark.HeapAnalysisSuccess;
import shark.HeapAnalyzer;
import shark.HeapField;
import shark.HeapGraph;
import shark.HeapObject;
import shark.HprofHeapGraph;
import shark.HprofRecordTag;
import shark.IgnoredReferenceMatcher;
import shark.LeakTrace;
import shark.MetadataExtractor;
import shark.ReferenceMatcher;
import shark.ReferencePattern;

/** Finds what holds objects: the shortest path of references from a root of the garbage collector to each of them. */
final class HeapPaths {

    /** Classes whose field does not keep an object alive. Soft references do, for a while. */
    private static final Map<String, String> WEAK = Map.of(
            "java.lang.ref.WeakReference", "referent",
            "java.lang.ref.PhantomReference", "referent",
            "java.lang.ref.Finalizer", "next",
            "java.lang.ref.FinalReference", "referent");

    /** With more paths a report would not be read. */
    static final int MOST = 500;

    private static final String STRING = "java.lang.String";

    /** Identifiers of the arrays that Strings have, by those of the Strings. */
    private final Map<Long, Long> strings = new HashMap<>();

    private final Map<Long, PathText> paths = new HashMap<>();

    private HeapPaths() {}

    /**
     * Returns the paths in a dump, for arrays. What is not among the keys is not held by anything.
     *
     * <p>The library does not look into Strings, so those that have the arrays are searched for first.
     */
    static Map<Long, PathText> find(File dump, List<Long> ids) {
        HeapPaths found = new HeapPaths();
        Set<Long> arrays = new LinkedHashSet<>(ids.subList(0, Math.min(ids.size(), MOST)));
        EnumSet<HprofRecordTag> roots = EnumSet.copyOf(HprofRecordTag.Companion.getRootTags());
        try (CloseableHeapGraph graph = HprofHeapGraph.Companion.openHeapGraph(dump, null, roots)) {
            found.findStrings(graph, arrays);
            Set<Long> wanted = new LinkedHashSet<>(arrays);
            wanted.addAll(found.strings.keySet());
            HeapAnalysis analysis = new HeapAnalyzer(step -> {})
                    .analyze(
                            dump,
                            graph,
                            ignored -> wanted,
                            weak(),
                            false,
                            List.of(PathText.NAMES),
                            MetadataExtractor.Companion.getNO_OP());
            if (analysis instanceof HeapAnalysisFailure failure) {
                throw new IllegalStateException("the heap dump cannot be analyzed", failure.getException());
            }
            found.take((HeapAnalysisSuccess) analysis, new Frames(dump, graph));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return found.paths;
    }

    private void findStrings(HeapGraph graph, Set<Long> arrays) {
        HeapObject.HeapClass type = graph.findClassByName(STRING);
        Iterator<HeapObject.HeapInstance> all = type == null
                ? Collections.emptyIterator()
                : type.getDirectInstances().iterator();
        while (all.hasNext()) {
            HeapObject.HeapInstance string = all.next();
            HeapField value = string.get(STRING, "value");
            Long array = value == null ? null : value.getValue().getAsObjectId();
            if (array != null && arrays.contains(array)) {
                strings.put(string.getObjectId(), array);
            }
        }
    }

    private static List<ReferenceMatcher> weak() {
        List<ReferenceMatcher> matchers = new ArrayList<>();
        WEAK.forEach((type, field) ->
                matchers.add(new IgnoredReferenceMatcher(new ReferencePattern.InstanceFieldPattern(type, field))));
        return matchers;
    }

    private void take(HeapAnalysisSuccess analysis, Frames frames) {
        analysis.getApplicationLeaks().forEach(leak -> leak.getLeakTraces().forEach(trace -> take(trace, frames)));
    }

    private void take(LeakTrace trace, Frames frames) {
        long id = PathText.id(trace.getLeakingObject());
        Long array = strings.get(id);
        paths.put(array == null ? id : array, PathText.of(trace, frames, array != null));
    }
}
