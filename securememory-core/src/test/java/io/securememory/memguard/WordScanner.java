package io.securememory.memguard;

import com.sun.jna.Native;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * Looks for words of groups in all readable memory of this process that is no file, and counts for each mapping, which each stack
 * of a thread is, how many different words of a group there are.
 */
final class WordScanner {

    private static final int CHUNK = 1 << 20;

    /** How many words of a group one mapping has. */
    record Found(String group, int words, int of, String mapping, String thread) {
        @Override
        public String toString() {
            return group + ": " + words + " of " + of + " words in " + mapping + " of thread " + thread;
        }
    }

    private final List<WordGroup> groups;
    private final boolean[] begins = new boolean[1 << Short.SIZE];
    private final int[] masked;
    private final int[] pads;
    private final int[] groupOf;
    private final int[] wordOf;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.LITTLE_ENDIAN);
    private long scanned;

    WordScanner(List<WordGroup> groups) {
        this.groups = List.copyOf(groups);
        int words = groups.stream().mapToInt(WordGroup::count).sum();
        masked = new int[words];
        pads = new int[words];
        groupOf = new int[words];
        wordOf = new int[words];
        int at = 0;
        for (int group = 0; group < groups.size(); group++) {
            for (int word = 0; word < groups.get(group).count(); word++, at++) {
                masked[at] = groups.get(group).masked(word);
                pads[at] = groups.get(group).pad(word);
                groupOf[at] = group;
                wordOf[at] = word;
                begins[groups.get(group).lowHalf(word)] = true;
            }
        }
    }

    /** Bytes that were looked at. */
    long scanned() {
        return scanned;
    }

    /** Every mapping that has at least so many words of a group as are given for it. */
    List<Found> ownMemory(ToIntFunction<WordGroup> least) throws IOException {
        List<Found> found = new ArrayList<>();
        long own = com.sun.jna.Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
        try (FileChannel memory = FileChannel.open(Path.of("/proc/self/mem"), StandardOpenOption.READ)) {
            for (String mapping : Files.readAllLines(Path.of("/proc/self/maps"))) {
                String[] fields = mapping.split(" +", 6);
                if (!fields[1].startsWith("rw") || mapping.contains("/dev/")) {
                    continue;
                }
                String[] range = fields[0].split("-");
                BitSet[] seen = new BitSet[groups.size()];
                scan(memory, Long.parseUnsignedLong(range[0], 16), Long.parseUnsignedLong(range[1], 16), own, seen);
                for (int group = 0; group < seen.length; group++) {
                    if (seen[group] != null && seen[group].cardinality() >= least.applyAsInt(groups.get(group))) {
                        WordGroup which = groups.get(group);
                        found.add(new Found(
                                which.name(), seen[group].cardinality(), which.count(), mapping, threadOf(mapping)));
                    }
                }
            }
        }
        return found;
    }

    /** The name of the thread that rests with its stack in a mapping, or an empty one. */
    private static String threadOf(String mapping) throws IOException {
        String[] range = mapping.split(" +", 2)[0].split("-");
        long from = Long.parseUnsignedLong(range[0], 16);
        long to = Long.parseUnsignedLong(range[1], 16);
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                try {
                    String[] call =
                            Files.readString(task.resolve("syscall")).trim().split(" ");
                    long stack = call.length > 2 ? Long.decode(call[call.length - 2]) : 0;
                    if (stack >= from && stack < to) {
                        return Files.readString(task.resolve("comm")).trim();
                    }
                } catch (IOException e) {
                    continue; // It has ended meanwhile, as compilers do.
                }
            }
        }
        return "";
    }

    private void scan(FileChannel channel, long from, long to, long own, BitSet[] seen) {
        for (long at = from; at < to; at += CHUNK) {
            if (at + CHUNK > own && at < own + CHUNK) {
                continue; // The buffer itself, and at most a chunk on either side of it.
            }
            buffer.clear().limit((int) Math.min(CHUNK, to - at));
            try {
                int count = 0;
                while (buffer.hasRemaining() && count >= 0) {
                    count = channel.read(buffer, at + buffer.position());
                }
            } catch (IOException e) {
                continue; // Mapped, and not readable.
            }
            scanned += buffer.position();
            search(buffer.position(), seen);
        }
    }

    /** Compares with the masked form, so that no variable ever holds a word of a group. */
    private void search(int length, BitSet[] seen) {
        for (int i = 0; i + Integer.BYTES <= length; i += Integer.BYTES) {
            int word = buffer.getInt(i);
            if (word == 0 || !begins[word & 0xffff]) {
                continue;
            }
            for (int k = 0; k < masked.length; k++) {
                if ((word ^ pads[k]) == masked[k]) {
                    if (seen[groupOf[k]] == null) {
                        seen[groupOf[k]] = new BitSet();
                    }
                    seen[groupOf[k]].set(wordOf[k]);
                }
            }
        }
    }
}
