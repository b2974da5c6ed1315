package io.securememory.test.search;

import java.io.File;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import shark.HprofHeader;
import shark.HprofRecordReader;
import shark.HprofRecordTag;
import shark.StreamingHprofReader;

/** Which records of a heap dump have bytes at given positions. Source: HotSpot's heapDumper.cpp, and hprof_b_spec.h. */
final class DumpArrays {

    private static final int HEADER_SERIAL = Integer.BYTES;

    /** Of an object in memory: where its first element may begin, and how its length is rounded. */
    private static final int OBJECT_HEADER = 24;

    private static final int[] ELEMENT_SIZES = {0, 0, 0, 0, 1, 2, 4, 8, 1, 2, 4, 8};

    /**
     * An array of numbers or characters with runs in it.
     *
     * @param id its identifier in the dump, which HotSpot makes of its address
     * @param size number of bytes of its elements
     * @param hits the runs
     */
    record Holder(long id, long size, List<DumpHit> hits) {

        /** Tells whether an address was in it when the dump was written. */
        boolean contains(long address) {
            return id <= address && address < id + size + OBJECT_HEADER;
        }
    }

    private final List<DumpHit> hits;
    private final List<Holder> holders = new ArrayList<>();
    private final List<DumpHit> inClasses = new ArrayList<>();
    private final List<DumpHit> elsewhere = new ArrayList<>();
    private long lowest = Long.MAX_VALUE;
    private long highest;
    private int next;

    private DumpArrays(List<DumpHit> hits) {
        this.hits = hits;
    }

    /** @param hits in the order of their positions */
    static DumpArrays of(File dump, List<DumpHit> hits) {
        DumpArrays arrays = new DumpArrays(hits);
        HprofHeader header = HprofHeader.Companion.parseHeaderOf(dump);
        StreamingHprofReader.Companion.readerFor(dump, header)
                .readRecords(
                        EnumSet.of(HprofRecordTag.STRING_IN_UTF8, HprofRecordTag.PRIMITIVE_ARRAY_DUMP),
                        (tag, length, reader) -> {
                            if (tag == HprofRecordTag.STRING_IN_UTF8) {
                                arrays.name(length, reader);
                            } else {
                                arrays.array(reader);
                            }
                        });
        arrays.passUntil(Long.MAX_VALUE);
        return arrays;
    }

    private void name(long length, HprofRecordReader reader) {
        long from = reader.getBytesRead();
        passUntil(from);
        while (next < hits.size() && hits.get(next).position() < from + length) {
            inClasses.add(hits.get(next++));
        }
        reader.skip(length);
    }

    private void array(HprofRecordReader reader) {
        long id = reader.readId();
        reader.skip(HEADER_SERIAL);
        long length = reader.readInt();
        long size = length * ELEMENT_SIZES[reader.readUnsignedByte()];
        long from = reader.getBytesRead();
        passUntil(from);
        List<DumpHit> inside = new ArrayList<>(0);
        while (next < hits.size() && hits.get(next).position() < from + size) {
            inside.add(hits.get(next++));
        }
        if (!inside.isEmpty()) {
            holders.add(new Holder(id, size, inside));
        }
        lowest = Math.min(lowest, id);
        highest = Math.max(highest, id + size);
        reader.skip(size);
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

    /** Returns runs in names and texts of classes. */
    List<DumpHit> inClasses() {
        return inClasses;
    }

    /** Returns runs that are neither in an array nor in a class. */
    List<DumpHit> elsewhere() {
        return elsewhere;
    }

    /**
     * Tells whether a mapping has a part of the heap. It may have the name of a file: HotSpot maps objects of its archive
     * into the heap (class data sharing), and moves others to where they were.
     */
    boolean isHeap(Mapping mapping) {
        return mapping.start() < highest && lowest < mapping.end();
    }
}
