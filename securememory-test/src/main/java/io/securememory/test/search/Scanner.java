package io.securememory.test.search;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads something of any length in chunks and searches them. The chunks are in locked memory, and are overwritten at the
 * end.
 */
final class Scanner {

    /** Bytes that are read at once. */
    static final int CHUNK = 128 * 1024;

    /** Bytes that are read at once where little memory may be locked. */
    static final int SMALL_CHUNK = 8 * 1024;

    /** For example 01 00 05 in a class file, or 05 00 in front of a name in HotSpot's memory. */
    private static final int BEFORE_NAME = 3;

    private static final int BYTE = 0xff;

    private final ByteBuffer memory;
    private final Matcher matcher;
    private final int chunk;
    private final int chunkAt;
    private final int overlap;
    private long scanned;

    /** Reads bytes. */
    @FunctionalInterface
    interface Source {

        /** Reads some bytes at a position. Returns how many, or -1 at the end. */
        int read(ByteBuffer target, long position) throws IOException;
    }

    /** Gets what is found. */
    @FunctionalInterface
    interface Sink {

        /**
         * Takes a run. Also called for the rest of a run that another one covers in part.
         *
         * @param needle what it is a run of
         * @param from its position
         * @param to position after it
         * @param isNew false for such a rest
         * @param isName whether it is a whole name or text in a class
         */
        void run(Needle needle, long from, long to, boolean isNew, boolean isName) throws IOException;
    }

    /** Reads something. */
    @FunctionalInterface
    interface Reading<T> {

        /** Returns what came of it. */
        T in(ByteBuffer memory) throws IOException;
    }

    Scanner(ByteBuffer memory, Matcher matcher, int chunk) {
        this.memory = memory;
        this.matcher = matcher;
        this.chunk = chunk;
        this.overlap = matcher.overlap() + BEFORE_NAME;
        this.chunkAt = matcher.end() + Long.BYTES;
    }

    /** Returns how many bytes this needs behind the needles and the table. */
    static int room(int longestNeedle, int chunk) {
        return 2 * Long.BYTES + longestNeedle + BEFORE_NAME + chunk;
    }

    /** Returns how many bytes were looked at. */
    long scanned() {
        return scanned;
    }

    /**
     * Searches.
     *
     * @param from first position
     * @param to position after the last one
     * @return how many bytes could not be read
     */
    long scan(Source source, long from, long to, Sink sink) throws IOException {
        Runs runs = new Runs(sink);
        int kept = 0;
        long unread = 0;
        try {
            for (long position = from; position < to; ) {
                int wanted = (int) Math.min(chunk, to - position);
                int read = read(source, position, wanted, kept);
                if (read <= 0) {
                    runs.search(position - kept, kept, false);
                    unread += wanted;
                    position += wanted;
                    kept = 0;
                    continue;
                }
                scanned += read;
                runs.search(position - kept, kept + read, true);
                position += read;
                kept = keep(kept + read);
            }
            runs.search(to - kept, kept, false);
        } finally {
            zero(chunkAt, overlap + chunk);
        }
        return unread;
    }

    /** Returns 0 if nothing is there any more, or the kernel hides it. */
    private int read(Source source, long position, int wanted, int kept) {
        ByteBuffer target = memory.duplicate();
        target.limit(chunkAt + kept + wanted).position(chunkAt + kept);
        try {
            int read = 0;
            while (target.hasRemaining() && read >= 0) {
                read = source.read(target, position + target.position() - chunkAt - kept);
            }
        } catch (IOException e) {
            return target.position() - chunkAt - kept;
        }
        return target.position() - chunkAt - kept;
    }

    /** Lends the memory of the chunks to whoever reads something after it was searched. It is overwritten at the end. */
    <T> T lend(Reading<T> reading) throws IOException {
        try {
            return reading.in(memory.slice(chunkAt, overlap + chunk));
        } finally {
            zero(chunkAt, overlap + chunk);
        }
    }

    /** Moves the last bytes to the beginning, where a run may go on. Returns how many. */
    private int keep(int filled) {
        int kept = Math.min(overlap, filled);
        for (int i = 0; i < kept; i++) {
            memory.put(chunkAt + i, memory.get(chunkAt + filled - kept + i));
        }
        return kept;
    }

    private void zero(int from, int length) {
        for (int i = 0; i < length; i++) {
            memory.put(from + i, (byte) 0);
        }
    }

    /** The runs of one search, of which each is reported once. */
    private final class Runs {

        private final Sink sink;
        private long reportedTo = Long.MIN_VALUE;
        private @Nullable IOException failure;

        Runs(Sink sink) {
            this.sink = sink;
        }

        /** Searches. A run at the end is left to the next chunk, which begins with it, if one follows. */
        void search(long position, int filled, boolean another) throws IOException {
            matcher.search(chunkAt, chunkAt + filled, (needle, at, end) -> {
                if (another && end == chunkAt + filled) {
                    return;
                }
                long from = position + at - chunkAt;
                long to = position + end - chunkAt;
                try {
                    if (to > reportedTo && failure == null) {
                        sink.run(needle, from, to, from >= reportedTo, isName(needle, at, end));
                    }
                } catch (IOException e) {
                    failure = e;
                }
                reportedTo = Math.max(reportedTo, to);
            });
            if (failure != null) {
                throw failure;
            }
        }

        private boolean isName(Needle needle, int at, int end) {
            if (end - at != needle.length() || at < chunkAt + BEFORE_NAME) {
                return false;
            }
            int first = memory.get(at - 2) & BYTE;
            int second = memory.get(at - 1) & BYTE;
            boolean inClassFile =
                    memory.get(at - BEFORE_NAME) == 1 && ((first << Byte.SIZE) | second) == needle.length();
            boolean inMemory = ((second << Byte.SIZE) | first) == needle.length();
            return inClassFile || inMemory;
        }
    }
}
