package io.securememory.test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Looks for byte sequences in one pass over a file of any size, by comparing them at each place.
 *
 * <p>It is here beside {@link ResidueSearch} because what a search leaves behind cannot be proved by the same search. It has
 * no code in common with it, finds sequences that are shorter than what a search calls a copy, and takes what to look for
 * from the test.
 */
final class ByteSearch {

    private static final int CHUNK = 1 << 20;

    private static final class Pattern {

        private final String name;
        private final byte[] bytes;

        Pattern(String name, byte[] bytes) {
            this.name = name;
            this.bytes = bytes;
        }
    }

    /** Patterns by their first two bytes, so that most positions of a file are passed with one look. */
    private final Map<Integer, List<Pattern>> byStart = new TreeMap<>();

    private final boolean[] starts = new boolean[1 << 16];
    private final int longest;

    /** Takes the patterns by name, of two bytes or more each. */
    ByteSearch(Map<String, byte[]> patterns) {
        patterns.forEach((name, bytes) -> {
            int start = start(bytes, 0);
            starts[start] = true;
            byStart.computeIfAbsent(start, ignored -> new ArrayList<>()).add(new Pattern(name, bytes));
        });
        longest =
                patterns.values().stream().mapToInt(bytes -> bytes.length).max().orElseThrow();
    }

    private static int start(byte[] bytes, int index) {
        return ((bytes[index] & 0xFF) << 8) | (bytes[index + 1] & 0xFF);
    }

    /** Returns the names of the patterns that are in a file. */
    SortedSet<String> foundIn(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return foundIn(in);
        }
    }

    private SortedSet<String> foundIn(InputStream in) throws IOException {
        SortedSet<String> found = new TreeSet<>();
        byte[] window = new byte[CHUNK + longest];
        int kept = 0;
        while (true) {
            int read = in.readNBytes(window, kept, CHUNK);
            if (read == 0) {
                return found;
            }
            int filled = kept + read;
            search(window, filled, found);
            // What begins in the last bytes may go on in the next chunk.
            kept = Math.min(filled, longest - 1);
            System.arraycopy(window, filled - kept, window, 0, kept);
        }
    }

    private void search(byte[] window, int filled, SortedSet<String> found) {
        for (int i = 0; i < filled - 1; i++) {
            int start = start(window, i);
            if (starts[start]) {
                for (Pattern pattern : byStart.getOrDefault(start, List.of())) {
                    int end = i + pattern.bytes.length;
                    if (end <= filled && Arrays.equals(window, i, end, pattern.bytes, 0, pattern.bytes.length)) {
                        found.add(pattern.name);
                    }
                }
            }
        }
    }
}
