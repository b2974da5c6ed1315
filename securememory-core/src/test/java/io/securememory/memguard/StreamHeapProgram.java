package io.securememory.memguard;

import io.securememory.Format;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Uses every method of every stream once, wipes what it is given, and looks for the bytes in a heap dump. */
final class StreamHeapProgram {

    private static final int LENGTH = 640;

    /** Reads a stream in one way. */
    @FunctionalInterface
    private interface Way {
        void read(InputStream in) throws IOException;
    }

    private final List<Needle> needles = new ArrayList<>();
    private final SecureMemory session = SecureMemory.create();

    private StreamHeapProgram() {}

    public static void main(String[] arguments) throws Exception {
        StreamHeapProgram program = new StreamHeapProgram();
        program.everyWay("readAllBytes", in -> Arrays.fill(in.readAllBytes(), (byte) 0));
        program.everyWay("readNBytes", in -> Arrays.fill(in.readNBytes(LENGTH / 2), (byte) 0));
        program.everyWay("transferTo", in -> in.transferTo(OutputStream.nullOutputStream()));
        program.everyWay("skip", in -> in.skip(LENGTH / 2));
        program.everyWay("skipNBytes", in -> in.skipNBytes(LENGTH / 2));
        program.everyWay(
                "into a stream",
                in -> in.transferTo(program.session.memGuard().newStream(100).outputStream()));
        program.everyWay(
                "out of a stream",
                in -> program.session.memGuard().newStream(100).transferFrom(in));
        program.everyWay("one by one", in -> {
            while (in.read() >= 0) {
                in.mark(LENGTH);
            }
        });
        program.everyWay("into an array", in -> {
            byte[] array = new byte[LENGTH];
            in.readNBytes(array, 0, LENGTH / 2);
            in.read(array);
            Arrays.fill(array, (byte) 0);
        });
        program.everyWay("by array, into a stream", in -> {
            byte[] array = in.readAllBytes();
            OutputStream out = program.session.memGuard().newStream(100).outputStream();
            out.write(array[0]);
            out.write(array);
            Arrays.fill(array, (byte) 0);
        });
        program.everyTextForm(Path.of(arguments[0]).resolveSibling("text"));
        byte[] left = new byte[Needle.SIZE];
        Needle control = program.needle("control");
        for (int i = 0; i < left.length; i++) {
            left[i] = control.byteAt(i);
        }
        program.search(Path.of(arguments[0]));
        java.lang.ref.Reference.reachabilityFence(left);
    }

    private Needle needle(String name) {
        Needle needle = Needle.random(name);
        needles.add(needle);
        return needle;
    }

    private void everyWay(String name, Way way) throws IOException {
        for (Storage storage : Storage.values()) {
            try (Secret secret = session.secrets(storage).create(source(needle(name + ", " + storage)))) {
                way.read(secret.newInputStream());
            }
        }
        try (EnclaveStream stream = session.memGuard().newStream(200)) {
            stream.write(source(needle(name + ", stream")));
            way.read(stream.inputStream());
        }
    }

    /** Reads files of text, which come from native memory. */
    private void everyTextForm(Path file) throws IOException {
        for (Storage storage : Storage.values()) {
            write(file, hex(needle("hexadecimal file, " + storage)));
            session.secrets(storage).read(file, Format.HEX).close();
            write(file, source(needle("text file, " + storage)));
            session.secrets(storage).read(file, Format.TEXT).close();
        }
    }

    private static void write(Path file, ByteBuffer bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    private static ByteBuffer hex(Needle needle) {
        ByteBuffer text = ByteBuffer.allocateDirect(2 * LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            byte value = needle.byteAt(i % Needle.SIZE);
            text.put(2 * i, (byte) Character.forDigit(value >> 4 & 0xF, 16));
            text.put(2 * i + 1, (byte) Character.forDigit(value & 0xF, 16));
        }
        return text;
    }

    private static ByteBuffer source(Needle needle) {
        ByteBuffer source = ByteBuffer.allocateDirect(LENGTH);
        for (int i = 0; i < LENGTH; i++) {
            source.put(i, needle.byteAt(i % Needle.SIZE));
        }
        return source;
    }

    private void search(Path dump) throws IOException {
        ManagementFactory.getPlatformMXBean(com.sun.management.HotSpotDiagnosticMXBean.class)
                .dumpHeap(dump.toString(), false);
        ResidueScanner scanner = new ResidueScanner(needles);
        scanner.file(dump).stream()
                .map(ResidueScanner.Hit::needle)
                .distinct()
                .forEach(found -> System.out.println("found: " + found));
        System.out.println("looked for " + needles.size() + " needles");
    }
}
