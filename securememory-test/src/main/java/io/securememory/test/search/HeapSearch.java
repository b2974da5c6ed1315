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

    static final String LITERAL = "a name or a text in a class: it is written in source code";

    /** The library needs about this part of the size of a dump while it looks for paths. */
    private static final long PART_OF_DUMP = 4;

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
     * @param snapshot has the heap dump
     * @param arrays the objects in it
     * @param inMemory runs in the memory of the heap
     */
    void report(Snapshot snapshot, DumpArrays arrays, List<MemoryHit> inMemory) throws IOException {
        @Nullable Map<Long, PathText> paths = paths(snapshot.dump(), arrays.holders());
        for (Holder holder : arrays.holders()) {
            for (DumpHit hit : holder.hits()) {
                report(hit, paths == null ? null : paths.get(holder.id()), paths != null);
            }
        }
        if (!withoutLiterals) {
            arrays.inClasses().forEach(hit -> findings.add(hit.needle(), Place.NATIVE_MEMORY, true, LITERAL));
        }
        arrays.elsewhere()
                .forEach(hit -> findings.add(hit.needle(), Place.HEAP, true, "fields of numbers in an object"));
        if (snapshot.isConsistent()) {
            inMemory.stream()
                    .filter(hit -> arrays.holders().stream().noneMatch(holder -> holder.contains(hit.address())))
                    .forEach(hit -> findings.add(hit.needle(), Place.HEAP, false, "memory of the heap that is free"));
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
                findings.add(
                        needle, Place.HEAP, false, "memory of the heap that is free, or an object that moved", copies);
            }
        });
        limits.leaveOut("the heap: the garbage collector worked while it was searched, " + Snapshot.ATTEMPTS
                + " times; so some copies may have been missed, and dead ones are counted with an error");
    }

    private void report(DumpHit hit, @Nullable PathText path, boolean pathsKnown) {
        boolean literal = path == null ? hit.isName() : path.isLiteral();
        if (literal && withoutLiterals) {
            findings.passOver(hit.needle());
            return;
        }
        String type = path != null && path.isString() ? "String" : kind(hit.needle());
        if (path != null) {
            findings.add(hit.needle(), Place.HEAP, true, type + ": " + path.text());
        } else if (pathsKnown) {
            findings.add(hit.needle(), Place.HEAP, false, type + " in garbage");
        } else {
            findings.add(hit.needle(), Place.HEAP, true, type + "; nobody has looked at what holds it");
        }
    }

    private static String kind(Needle needle) {
        return needle.wide() ? "characters" : needle.encoding() == Encoding.NUMBER ? "numbers" : "bytes";
    }

    /** Returns null if there is too little memory to find paths. */
    private @Nullable Map<Long, PathText> paths(HeapDump dump, List<Holder> holders) throws IOException {
        List<Long> ids = holders.stream()
                .filter(holder -> holder.hits().stream().anyMatch(hit -> !findings.isPlanted(hit.needle())))
                .map(Holder::id)
                .toList();
        if (ids.isEmpty()) {
            return Map.of();
        }
        if (ids.size() > HeapPaths.MOST) {
            limits.leaveOut("what holds " + (ids.size() - HeapPaths.MOST) + " of " + ids.size()
                    + " objects; they are counted as garbage");
        }
        Runtime runtime = Runtime.getRuntime();
        long free = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
        if (dump.size() / PART_OF_DUMP > free || limits.isOver()) {
            limits.leaveOut("what holds the objects: it takes about " + ((dump.size() / PART_OF_DUMP) >> MIB_SHIFT)
                    + " MiB of free heap, and time");
            return null;
        }
        limits.tell("looking for what holds " + ids.size() + " objects");
        return HeapPaths.find(dump.file().toFile(), ids);
    }
}
