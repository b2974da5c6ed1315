package io.securememory.test.search;

import io.securememory.test.Encoding;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds runs of needles in a chunk of bytes.
 *
 * <p>The words of the needles are in a table. A run that is long enough has at least one word in it that begins at a
 * multiple of the step, so only these words of the chunk are looked up. Each found word is then extended to both sides.
 *
 * <p>The needles, the table and the chunk are in one piece of locked memory. From the table alone the needles could be
 * computed.
 */
final class Matcher {

    /** Bits of the filter for each word. One of so many words of a chunk is looked up in the table without need. */
    private static final int FILTER_BITS = 16;

    /** A table that is fuller than this takes long to search. */
    private static final int TABLE_ENTRIES_OF_TWO_WORDS = 3;

    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;
    private static final long OTHER_MULTIPLIER = 0xD6E8FEB86659FD93L;

    /** So many different bytes a run must have: others, such as zeros, are everywhere. */
    private static final int LEAST_DIFFERENT = 3;

    /** In longer needles, words that repeat a byte are left out: each of them would be found at each of the others. */
    private static final int SHORT = 64;

    private final ByteBuffer memory;
    private final List<Needle> needles;
    private final int firstByte;
    private final int wordSize;
    private final int step;
    private final int filterAt;
    private final int filterShift;
    private final int tableAt;
    private final int tableShift;
    private final int end;

    /** Gets what is found, in the order of the addresses. */
    @FunctionalInterface
    interface Found {

        /**
         * Takes a run.
         *
         * @param needle what it is a run of
         * @param at index of the first byte in the memory
         * @param end index after the last byte
         */
        void run(Needle needle, int at, int end);
    }

    /** Builds the table behind the needles. */
    Matcher(ByteBuffer memory, Needles written) {
        this.memory = memory;
        this.needles = written.all();
        this.firstByte = written.from();
        int shortest = needles.stream().mapToInt(Needle::run).min().orElse(Needles.RUN);
        this.wordSize = shortest >= 2 * Long.BYTES - 1 ? Long.BYTES : Integer.BYTES;
        this.step = Math.min(wordSize, shortest - wordSize + 1);
        int words = Math.max(1, written.end() - written.from());
        int filterPower = power((long) words * FILTER_BITS);
        int tablePower = tablePower(words);
        this.filterAt = (written.end() + Long.BYTES - 1) & -Long.BYTES;
        this.filterShift = Long.SIZE - filterPower;
        this.tableAt = filterAt + (1 << (filterPower - 3));
        this.tableShift = Long.SIZE - tablePower;
        this.end = tableAt + (Integer.BYTES << tablePower);
        needles.forEach(this::index);
    }

    /** Returns how many bytes the needles and the table need at most. */
    static int room(int needleBytes) {
        return needleBytes
                + Long.BYTES
                + (1 << (power((long) needleBytes * FILTER_BITS) - 3))
                + (Integer.BYTES << tablePower(needleBytes));
    }

    private static int power(long least) {
        return Math.max(10, Long.SIZE - Long.numberOfLeadingZeros(least - 1));
    }

    private static int tablePower(int words) {
        return power((long) words * TABLE_ENTRIES_OF_TWO_WORDS / 2);
    }

    /** Returns the index after the last byte of the table. */
    int end() {
        return end;
    }

    /** Returns how many bytes of a chunk have to be searched again with the next one: a run is found as a whole. */
    int overlap() {
        return needles.stream().mapToInt(Needle::length).max().orElse(0) + wordSize;
    }

    private void index(Needle needle) {
        for (int at = needle.at(); at + wordSize <= needle.at() + needle.length(); at++) {
            if (isIndexed(needle, at)) {
                long word = word(at);
                int bit = (int) ((word * MULTIPLIER) >>> filterShift);
                int index = filterAt + ((bit >>> 6) << 3);
                memory.putLong(index, memory.getLong(index) | (1L << bit));
                insert(word, at);
            }
        }
    }

    private boolean isIndexed(Needle needle, int at) {
        return word(at) != 0 && (needle.length() <= SHORT || hasDifferent(at, at + wordSize, 2));
    }

    /** Tells whether there are so many different bytes. */
    private boolean hasDifferent(int from, int to, int least) {
        int different = 1;
        for (int i = from + 1; i < to && different < least; i++) {
            int k = from;
            while (memory.get(k) != memory.get(i)) {
                k++;
            }
            different += k == i ? 1 : 0;
        }
        return different >= least;
    }

    private void insert(long word, int at) {
        int mask = (1 << (Long.SIZE - tableShift)) - 1;
        int slot = (int) ((word * OTHER_MULTIPLIER) >>> tableShift);
        while (memory.getInt(tableAt + slot * Integer.BYTES) != 0) {
            slot = (slot + 1) & mask;
        }
        memory.putInt(tableAt + slot * Integer.BYTES, at - firstByte + 1);
    }

    private long word(int at) {
        return wordSize == Long.BYTES ? memory.getLong(at) : memory.getInt(at);
    }

    /**
     * Tells whether whole copies of a secret are found in each form. If it repeats a byte or two they are not, because
     * such copies are everywhere.
     */
    boolean canFind(int owner) {
        List<Needle> forms =
                needles.stream().filter(needle -> needle.owner() == owner).toList();
        boolean isLongEnough = forms.stream().anyMatch(needle -> needle.encoding() == Encoding.BYTES);
        return isLongEnough && forms.stream().allMatch(this::canFind);
    }

    /** A copy may begin anywhere, and words are looked up at each multiple of the step only. */
    private boolean canFind(Needle needle) {
        int last = needle.at() + needle.length() - wordSize;
        for (int first = needle.at(); first < needle.at() + step; first++) {
            boolean found = false;
            for (int at = first; at <= last && !found; at += step) {
                found = isIndexed(needle, at);
            }
            if (!found) {
                return false;
            }
        }
        return hasDifferent(needle.at(), needle.at() + needle.length(), LEAST_DIFFERENT);
    }

    /**
     * Searches a chunk. Runs that overlap are reported once, with the needle that has the longest one.
     *
     * @param from index of the first byte
     * @param to index after the last byte
     */
    void search(int from, int to, Found found) {
        int last = to - wordSize;
        int reported = from;
        for (int at = from; at <= last; at += step) {
            long word = word(at);
            if (word == 0 || at + wordSize <= reported) {
                continue;
            }
            int bit = (int) ((word * MULTIPLIER) >>> filterShift);
            if ((memory.getLong(filterAt + ((bit >>> 6) << 3)) & (1L << bit)) != 0) {
                reported = Math.max(reported, lookUp(word, at, from, to, found));
            }
        }
    }

    /** Returns the index after the run that was found, or 0. */
    private int lookUp(long word, int at, int from, int to, Found found) {
        int mask = (1 << (Long.SIZE - tableShift)) - 1;
        int slot = (int) ((word * OTHER_MULTIPLIER) >>> tableShift);
        @Nullable Needle longest = null;
        int longestFrom = 0;
        int longestTo = 0;
        int entry = memory.getInt(tableAt + slot * Integer.BYTES);
        while (entry != 0) {
            int where = entry - 1 + firstByte;
            if (word(where) == word) {
                Needle needle = needleAt(where);
                int begin = at - before(needle, where, at, from);
                int behind = at + after(needle, where, at, to);
                if (behind - begin >= needle.run()
                        && behind - begin > longestTo - longestFrom
                        && hasDifferent(begin, behind, LEAST_DIFFERENT)) {
                    longest = needle;
                    longestFrom = begin;
                    longestTo = behind;
                }
            }
            slot = (slot + 1) & mask;
            entry = memory.getInt(tableAt + slot * Integer.BYTES);
        }
        if (longest != null) {
            found.run(longest, longestFrom, longestTo);
        }
        return longestTo;
    }

    private int before(Needle needle, int where, int at, int from) {
        int most = Math.min(at - from, where - needle.at());
        int before = 0;
        while (before < most && memory.get(at - before - 1) == memory.get(where - before - 1)) {
            before++;
        }
        return before;
    }

    private int after(Needle needle, int where, int at, int to) {
        int most = Math.min(to - at, needle.at() + needle.length() - where);
        int after = wordSize;
        while (after < most && memory.get(at + after) == memory.get(where + after)) {
            after++;
        }
        return after;
    }

    private Needle needleAt(int where) {
        int low = 0;
        int high = needles.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (needles.get(middle).at() <= where) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return needles.get(low);
    }
}
