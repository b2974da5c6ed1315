package io.securememory.test.search;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntPredicate;

/** The part of a heap that holds some objects: who refers to them, who refers to those, and so on. */
final class HolderGraph {

    /** How an object refers to another one. */
    enum By {
        FIELD,
        ELEMENT,
        STATIC,
        LOADER
    }

    static final int NONE = -1;

    private static final int FIRST_SIZE = 64;

    private final LongIndex objects = new LongIndex();
    private long[] types = new long[FIRST_SIZE];
    private int[] holders = new int[FIRST_SIZE];
    private int[] held = new int[FIRST_SIZE];
    private By[] kinds = new By[FIRST_SIZE];
    private long[] details = new long[FIRST_SIZE];
    private int edges;

    int objects() {
        return objects.size();
    }

    int edges() {
        return edges;
    }

    int find(long id) {
        return objects.find(id);
    }

    long id(int object) {
        return objects.id(object);
    }

    long type(int object) {
        return types[object];
    }

    int add(long id, long type) {
        int number = objects.add(id);
        if (number == types.length) {
            types = Arrays.copyOf(types, 2 * types.length);
        }
        types[number] = type;
        return number;
    }

    /**
     * Adds a reference.
     *
     * @param detail the index of a field or an element, or the name of a static variable
     */
    void connect(int holder, int object, By kind, long detail) {
        if (edges == holders.length) {
            holders = Arrays.copyOf(holders, 2 * edges);
            held = Arrays.copyOf(held, 2 * edges);
            kinds = Arrays.copyOf(kinds, 2 * edges);
            details = Arrays.copyOf(details, 2 * edges);
        }
        holders[edges] = holder;
        held[edges] = object;
        kinds[edges] = kind;
        details[edges] = detail;
        edges++;
    }

    int holder(int edge) {
        return holders[edge];
    }

    int held(int edge) {
        return held[edge];
    }

    By kind(int edge) {
        return kinds[edge];
    }

    long detail(int edge) {
        return details[edge];
    }

    /**
     * Returns for each object that a root reaches the reference through which it is reached on the shortest way; {@link
     * #NONE} for a root. Objects that are not reached have a smaller value.
     */
    int[] reached(IntPredicate isRoot) {
        int[] by = new int[objects()];
        Arrays.fill(by, NONE - 1);
        int[] queue = new int[objects()];
        int last = 0;
        for (int i = 0; i < by.length; i++) {
            if (isRoot.test(i)) {
                by[i] = NONE;
                queue[last++] = i;
            }
        }
        int[] first = new int[objects()];
        int[] next = chains(holders, first);
        for (int at = 0; at < last; at++) {
            for (int edge = first[queue[at]]; edge != NONE; edge = next[edge]) {
                if (by[held[edge]] < NONE) {
                    by[held[edge]] = edge;
                    queue[last++] = held[edge];
                }
            }
        }
        return by;
    }

    /** Returns all objects that refer to some of these, directly or not, and these. */
    BitSet above(BitSet some) {
        BitSet all = (BitSet) some.clone();
        int[] queue = new int[objects()];
        int last = 0;
        for (int i = some.nextSetBit(0); i >= 0; i = some.nextSetBit(i + 1)) {
            queue[last++] = i;
        }
        int[] first = new int[objects()];
        int[] next = chains(held, first);
        for (int at = 0; at < last; at++) {
            for (int edge = first[queue[at]]; edge != NONE; edge = next[edge]) {
                if (!all.get(holders[edge])) {
                    all.set(holders[edge]);
                    queue[last++] = holders[edge];
                }
            }
        }
        return all;
    }

    /** Returns the first reference to an object, or {@link #NONE}. */
    int[] firstTo() {
        int[] first = new int[objects()];
        chains(held, first);
        return first;
    }

    /** Links the references of each object, in the order in which they were found. */
    private int[] chains(int[] ends, int[] first) {
        Arrays.fill(first, NONE);
        int[] next = new int[edges];
        for (int edge = edges - 1; edge >= 0; edge--) {
            next[edge] = first[ends[edge]];
            first[ends[edge]] = edge;
        }
        return next;
    }
}
