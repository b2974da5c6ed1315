package io.securememory.test.search;

import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds what holds objects: a short path of references from a root of the garbage collector to each of them.
 *
 * <p>It begins at the objects. Each pass over the dump finds what refers to those that were found before, until a root
 * is reached or nothing refers to them any more. So only the part of the heap is in memory that holds them.
 */
final class HeapPaths {

    /** More references would be too many for a small heap, and are not needed. */
    private static final int MOST_REFERENCES = 1_000_000;

    /** Bytes of the heap for each of them, with what is computed from them. */
    private static final int REFERENCE_BYTES = 128;

    private final DumpReader.Source dump;
    private final Limits limits;
    private final DumpOutline outline;
    private final HolderGraph graph = new HolderGraph();
    private final BitSet targets = new BitSet();
    private int[] reached = {};
    private boolean isCut;

    private HeapPaths(DumpReader.Source dump, Limits limits) throws IOException {
        this.dump = dump;
        this.limits = limits;
        this.outline = DumpOutline.of(dump);
    }

    /**
     * Returns what holds arrays. An array that is missing in the result is held by something that was not found: the time
     * was over, or too much refers to it.
     *
     * @param ids identifiers of the arrays
     */
    static Map<Long, PathText> find(DumpReader.Source dump, List<Long> ids, Limits limits) throws IOException {
        HeapPaths paths = new HeapPaths(dump, limits);
        paths.search(ids);
        return paths.texts();
    }

    private void search(List<Long> ids) throws IOException {
        Runtime runtime = Runtime.getRuntime();
        long free = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
        int most = (int) Math.min(MOST_REFERENCES, free / REFERENCE_BYTES);
        ids.forEach(id -> targets.set(graph.add(id, 0)));
        reached = graph.reached(this::isRoot);
        BitSet wanted = open();
        while (!wanted.isEmpty() && !isCut) {
            Referrers pass = new Referrers(outline, graph, wanted, most, limits);
            pass.read(dump);
            isCut = pass.isCut();
            reached = graph.reached(this::isRoot);
            wanted = graph.above(open());
            wanted.and(pass.found());
        }
    }

    private boolean isRoot(int object) {
        long id = graph.id(object);
        return outline.isClass(id) || outline.root(id) != null;
    }

    /** Returns the objects that no root has reached yet. */
    private BitSet open() {
        BitSet open = (BitSet) targets.clone();
        for (int i = open.nextSetBit(0); i >= 0; i = open.nextSetBit(i + 1)) {
            if (reached[i] >= HolderGraph.NONE) {
                open.clear(i);
            }
        }
        return open;
    }

    /** Writes the paths twice: the first time tells which names are needed. */
    private Map<Long, PathText> texts() throws IOException {
        DumpNames names = new DumpNames(outline);
        PathTexts texts = new PathTexts(outline, graph, names);
        write(texts);
        names.load(dump);
        return write(texts);
    }

    private Map<Long, PathText> write(PathTexts texts) {
        int[] firstTo = graph.firstTo();
        Map<Long, PathText> all = new HashMap<>();
        for (int i = targets.nextSetBit(0); i >= 0; i = targets.nextSetBit(i + 1)) {
            @Nullable
            PathText text =
                    reached[i] >= HolderGraph.NONE ? texts.live(i, reached) : isCut ? null : texts.garbage(i, firstTo);
            if (text != null) {
                all.put(graph.id(i), text);
            }
        }
        return all;
    }
}
