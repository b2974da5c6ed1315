package io.securememory.test.search;

import io.securememory.test.search.ProcessScan.MemoryHit;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Which records of a heap dump have bytes at given positions. */
final class DumpArrays extends DumpRecords {

    /** Of an object in memory: where its first element may begin, and how its length is rounded. */
    private static final int OBJECT_HEADER = 24;

    /**
     * An array of numbers or characters with runs in it.
     *
     * @param id its identifier in the dump, which HotSpot makes of its address
     * @param type of its elements
     * @param size number of bytes of its elements
     * @param hits the runs
     */
    record Holder(long id, int type, long size, List<DumpHit> hits) {

        /** Tells whether an address was in it when the dump was written. */
        boolean contains(long address) {
            return id <= address && address < id + size + OBJECT_HEADER;
        }
    }

    private final List<DumpHit> hits;
    private final List<Mapping> views;
    private final List<Holder> holders = new ArrayList<>();
    private final NavigableMap<Long, Holder> byAddress = new TreeMap<>();
    private final List<DumpHit> inClasses = new ArrayList<>();
    private final List<DumpHit> elsewhere = new ArrayList<>();
    private long lowest = Long.MAX_VALUE;
    private long highest;
    private int next;

    private DumpArrays(List<DumpHit> hits, List<Mapping> mappings) {
        this.hits = hits;
        this.views = mappings.stream().filter(Mapping::isViewOfHeap).toList();
    }

    /**
     * Reads a dump.
     *
     * @param hits in the order of their positions
     * @param mappings of the process at that time
     */
    static DumpArrays of(DumpReader.Source dump, List<DumpHit> hits, List<Mapping> mappings) throws IOException {
        DumpArrays arrays = new DumpArrays(hits, mappings);
        arrays.read(dump);
        arrays.passUntil(Long.MAX_VALUE);
        return arrays;
    }

    @Override
    void name(long id, int bytes, DumpReader in) {
        long from = in.position();
        passUntil(from);
        while (next < hits.size() && hits.get(next).position() < from + bytes) {
            inClasses.add(hits.get(next++));
        }
    }

    @Override
    void numbers(long id, int type, int length, DumpReader in) {
        long size = (long) length * SIZES[type];
        long from = in.position();
        passUntil(from);
        List<DumpHit> inside = new ArrayList<>(0);
        while (next < hits.size() && hits.get(next).position() < from + size) {
            inside.add(hits.get(next++));
        }
        if (!inside.isEmpty()) {
            Holder holder = new Holder(id, type, size, inside);
            holders.add(holder);
            byAddress.put(id, holder);
        }
        lowest = Math.min(lowest, id);
        highest = Math.max(highest, id + size);
    }

    /** What is in front of a record that can have it is in one that was not read: in fields of numbers. */
    private void passUntil(long position) {
        while (next < hits.size() && hits.get(next).position() < position) {
            elsewhere.add(hits.get(next++));
        }
    }

    /** Returns the arrays with runs. */
    List<Holder> holders() {
        return holders;
    }

    /** Tells whether a run in memory is in an array with runs that the dump has. */
    boolean isInHolder(MemoryHit hit) {
        if (!hit.mapping().isViewOfHeap()) {
            return isInHolder(hit.address());
        }
        long inAllViews = hit.mapping().inAllViews(hit.address());
        return views.stream()
                .filter(view -> view.offset() <= inAllViews && inAllViews < view.offset() + view.size())
                .anyMatch(view -> isInHolder(inAllViews - view.offset() + view.start()));
    }

    private boolean isInHolder(long address) {
        Map.Entry<Long, Holder> below = byAddress.floorEntry(address);
        return below != null && below.getValue().contains(address);
    }

    /** Returns runs in names and texts of classes. */
    List<DumpHit> inClasses() {
        return inClasses;
    }

    /** Returns runs that are neither in an array nor in a class. */
    List<DumpHit> elsewhere() {
        return elsewhere;
    }

    /** Returns the mappings of the heap. */
    HeapMappings heap(List<Mapping> all) {
        return new HeapMappings(
                all,
                mapping -> mapping.start() < highest
                        && lowest < mapping.end()
                        && !mapping.name().startsWith("/"));
    }
}
