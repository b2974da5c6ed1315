package io.securememory.test.search;

import io.securememory.test.Encoding;
import io.securememory.test.Place;
import io.securememory.test.search.DumpArrays.Holder;
import io.securememory.test.search.ProcessScan.MemoryHit;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells what holds the copies in a heap dump, and which others are in the memory of the heap. */
final class HeapSearch {

    static final String LITERAL = "in a name or a text of a class: it is written in source code";

    static final String NOT_TOLD = "; what holds it was not found out";

    private static final String FREE = "in memory of the heap that no object uses, as ";
    private static final String MOVED = "in memory of the heap that no object uses, or of an object that moved, as ";

    /** The names of the types of elements, which are the indexes. */
    private static final String[] TYPES = {
        "", "", "", "", "boolean", "char", "float", "double", "byte", "short", "int", "long"
    };

    private static final int CHAR = 5;
    private static final int BYTE = 8;
    private static final int INT = 10;

    /** The classes of a large application, and a buffer. */
    private static final long NEEDED_FOR_PATHS = 32 << 20;

    private static final int MIB_SHIFT = 20;

    private final Limits limits;
    private final Findings findings;
    private final boolean withoutLiterals;

    HeapSearch(Limits limits, Findings findings, boolean withoutLiterals) {
        this.limits = limits;
        this.findings = findings;
        this.withoutLiterals = withoutLiterals;
    }

    /**
     * Reports.
     *
     * @param snapshot the memory
     * @param dump its heap dump
     * @param arrays the objects in it
     */
    void report(Snapshot snapshot, DumpReader.Source dump, DumpArrays arrays) throws IOException {
        HeapMappings heap = arrays.heap(snapshot.mappings());
        List<MemoryHit> inMemory = snapshot.hits().stream()
                .filter(hit -> heap.contains(hit.mapping()))
                .toList();
        Map<Long, PathText> paths = paths(dump, arrays.holders());
        for (Holder holder : arrays.holders()) {
            for (DumpHit hit : holder.hits()) {
                report(hit, holder, paths.get(holder.id()));
            }
        }
        if (!withoutLiterals) {
            arrays.inClasses().forEach(hit -> findings.add(hit.needle(), Place.NATIVE_MEMORY, true, LITERAL));
        }
        arrays.elsewhere()
                .forEach(hit -> findings.add(
                        hit.needle(), Place.HEAP, true, hit.needle().encoding() + " in the fields of an object"));
        if (snapshot.isConsistent()) {
            inMemory.stream()
                    .filter(hit -> !arrays.isInHolder(hit))
                    .forEach(hit -> findings.add(
                            hit.needle(), Place.HEAP, false, FREE + hit.needle().encoding()));
        } else {
            reportSurplus(arrays, inMemory);
        }
    }

    /** The addresses of the dump are not valid any more, so copies can only be counted. */
    private void reportSurplus(DumpArrays arrays, List<MemoryHit> inMemory) {
        Map<Needle, Integer> surplus = new HashMap<>();
        inMemory.forEach(hit -> surplus.merge(hit.needle(), 1, Integer::sum));
        arrays.holders().forEach(holder -> holder.hits().forEach(hit -> surplus.merge(hit.needle(), -1, Integer::sum)));
        surplus.forEach((needle, copies) -> {
            if (copies > 0) {
                findings.add(needle, Place.HEAP, false, MOVED + needle.encoding(), copies);
            }
        });
        limits.leaveOut("the heap: the garbage collector worked while it was searched, " + Snapshot.ATTEMPTS
                + " times; so some copies may have been missed, and dead ones are counted with an error");
    }

    private void report(DumpHit hit, Holder holder, @Nullable PathText path) {
        boolean literal = (path != null && path.isLive()) ? path.isLiteral() : hit.isName();
        if (literal && withoutLiterals) {
            findings.passOver(hit.needle());
            return;
        }
        Encoding encoding = encoding(hit.needle(), holder.type());
        String form = form(encoding, holder.type(), path != null && path.isString());
        if (path == null) {
            add(hit, encoding, true, form + NOT_TOLD);
        } else if (path.isLive()) {
            add(hit, encoding, true, form + ": " + path.text());
        } else {
            String held = path.text().isEmpty() ? "" : " <- " + path.text();
            add(hit, encoding, false, "in garbage: " + form + held);
        }
    }

    private void add(DumpHit hit, Encoding encoding, boolean live, String holder) {
        findings.add(hit.needle(), encoding, Place.HEAP, live, holder, 1);
    }

    /** A dump has the words of an int[] in the other order than memory, so that numbers look like bytes and vice versa. */
    private static Encoding encoding(Needle needle, int type) {
        if (type != INT) {
            return needle.encoding();
        }
        return switch (needle.encoding()) {
            case BYTES -> Encoding.NUMBER;
            case NUMBER -> Encoding.BYTES;
            default -> needle.encoding();
        };
    }

    private static String form(Encoding encoding, int type, boolean isString) {
        if (isString) {
            return switch (encoding) {
                case BYTES, LATIN_1 -> "Latin-1 String";
                default -> encoding + " String";
            };
        }
        boolean usual = (encoding == Encoding.BYTES && type == BYTE)
                || (encoding == Encoding.UTF_16 && type == CHAR)
                || (encoding == Encoding.NUMBER && type == INT);
        return usual ? TYPES[type] + "[]" : encoding + " in " + TYPES[type] + "[]";
    }

    private Map<Long, PathText> paths(DumpReader.Source dump, List<Holder> holders) throws IOException {
        List<Long> ids = holders.stream().map(Holder::id).toList();
        if (ids.isEmpty()) {
            return Map.of();
        }
        Runtime runtime = Runtime.getRuntime();
        long free = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
        if (free < NEEDED_FOR_PATHS || limits.isOver()) {
            limits.leaveOut("what holds the " + ids.size() + " objects with copies: that takes time, and about "
                    + (NEEDED_FOR_PATHS >> MIB_SHIFT) + " MiB of free heap");
            return Map.of();
        }
        limits.tell("looking for what holds " + ids.size() + " objects");
        Map<Long, PathText> paths = HeapPaths.find(dump, ids, limits);
        if (paths.size() < ids.size()) {
            limits.leaveOut("what holds " + (ids.size() - paths.size()) + " of " + ids.size()
                    + " objects with copies: the time was over, or too many objects refer to them");
        }
        return paths;
    }
}
