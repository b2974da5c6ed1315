package io.securememory.test.search;

import java.util.Arrays;

/** Numbers identifiers in the order in which they are added. A small map without objects. */
final class LongIndex {

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final int FIRST_POWER = 10;

    private long[] ids = new long[1 << (FIRST_POWER - 1)];
    private int[] table = new int[1 << FIRST_POWER];
    private int shift = Long.SIZE - FIRST_POWER;
    private int size;

    int size() {
        return size;
    }

    /** Returns the identifier with a number. */
    long id(int number) {
        return ids[number];
    }

    /** Returns the number of an identifier, or -1. */
    int find(long id) {
        int slot = (int) ((id * MULTIPLIER) >>> shift);
        while (table[slot] != 0) {
            if (ids[table[slot] - 1] == id) {
                return table[slot] - 1;
            }
            slot = (slot + 1) & (table.length - 1);
        }
        return -1;
    }

    /** Returns the number of an identifier, which is a new one if it is not known. */
    int add(long id) {
        int known = find(id);
        if (known >= 0) {
            return known;
        }
        if (size == ids.length) {
            grow();
        }
        ids[size] = id;
        insert(size);
        return size++;
    }

    private void grow() {
        ids = Arrays.copyOf(ids, 2 * ids.length);
        table = new int[2 * table.length];
        shift--;
        for (int i = 0; i < size; i++) {
            insert(i);
        }
    }

    private void insert(int number) {
        int slot = (int) ((ids[number] * MULTIPLIER) >>> shift);
        while (table[slot] != 0) {
            slot = (slot + 1) & (table.length - 1);
        }
        table[slot] = number + 1;
    }
}
