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
import java.util.List;

/**
 * Looks for needles in all readable memory of this process, or in a file.
 *
 * <p>Memory is read through one direct buffer, which is left out of the search, as is memory of devices. Every offset is
 * looked at.
 *
 * <p>It is here beside the {@code ResidueSearch} of securememory-test, which computes in locked memory of this module: what is
 * tested here would search for itself. It has no code in common with it. Needles are masked at all times, so that none is found
 * that the search itself has had in a register when its thread was stopped.
 */
final class ResidueScanner {

    private static final int CHUNK = 1 << 20;

    /** One place where a needle was found. */
    record Hit(String needle, long address, String where) {
        @Override
        public String toString() {
            return needle + " at " + Long.toHexString(address) + " in " + where;
        }
    }

    private final List<Needle> needles;
    private final ByteBuffer buffer =
            ByteBuffer.allocateDirect(CHUNK + Needle.SIZE).order(ByteOrder.LITTLE_ENDIAN);

    /** Whether a needle begins with these two bytes; most offsets need no closer look. */
    private final boolean[] begins = new boolean[1 << Short.SIZE];

    /** How many more of eight zeros are passed over: all, unless a needle begins with a zero. */
    private final int zerosToSkip;

    private final List<Hit> hits = new ArrayList<>();
    private long scanned;

    ResidueScanner(List<Needle> needles) {
        this.needles = List.copyOf(needles);
        for (Needle needle : needles) {
            begins[needle.byteAt(0) & 0xff | (needle.byteAt(1) & 0xff) << Byte.SIZE] = true;
        }
        this.zerosToSkip = needles.stream().noneMatch(needle -> needle.byteAt(0) == 0) ? Long.BYTES - 1 : 0;
    }

    /** Bytes that were looked at. */
    long scanned() {
        return scanned;
    }

    List<Hit> ownMemory() throws IOException {
        long own = com.sun.jna.Pointer.nativeValue(Native.getDirectBufferPointer(buffer));
        try (FileChannel memory = FileChannel.open(Path.of("/proc/self/mem"), StandardOpenOption.READ)) {
            for (String mapping : Files.readAllLines(Path.of("/proc/self/maps"))) {
                String[] fields = mapping.split(" +", 6);
                if (fields[1].startsWith("r") && !mapping.contains("/dev/") && !mapping.contains("[v")) {
                    String[] range = fields[0].split("-");
                    long from = Long.parseUnsignedLong(range[0], 16);
                    long to = Long.parseUnsignedLong(range[1], 16);
                    scan(memory, from, Math.min(to, Math.max(from, own)), mapping);
                    scan(memory, Math.max(from, Math.min(to, own + buffer.capacity())), to, mapping);
                }
            }
        }
        return hits;
    }

    List<Hit> file(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            scan(channel, 0, channel.size(), file.getFileName().toString());
        }
        return hits;
    }

    private void scan(FileChannel channel, long from, long to, String where) {
        for (long at = from; at < to; at += CHUNK) {
            int wanted = (int) Math.min(CHUNK + Needle.SIZE - 1L, to - at);
            buffer.clear().limit(wanted);
            try {
                int count = 0;
                while (buffer.hasRemaining() && count >= 0) {
                    count = channel.read(buffer, at + buffer.position());
                }
            } catch (IOException e) {
                continue; // Mapped, and not readable: another thread has unmapped it, or the kernel hides it.
            }
            scanned += buffer.position();
            search(buffer.position(), at, where);
        }
    }

    /** Compares with the masked form, so that no variable ever holds a needle. */
    private void search(int length, long address, String where) {
        long[] pads = needles.stream().mapToLong(Needle::firstPad).toArray();
        long[] masked = needles.stream().mapToLong(Needle::firstMasked).toArray();
        for (int i = 0; i + Needle.SIZE <= length; i++) {
            long first = buffer.getLong(i);
            if (first == 0) {
                i += zerosToSkip; // Most of memory; no needle begins with eight zeros.
                continue;
            }
            if (!begins[(int) first & 0xffff]) {
                continue;
            }
            for (int k = 0; k < pads.length; k++) {
                if ((first ^ pads[k]) == masked[k] && needles.get(k).matches(first, buffer.getLong(i + Long.BYTES))) {
                    hits.add(new Hit(needles.get(k).name(), address + i, where));
                }
            }
        }
    }
}
