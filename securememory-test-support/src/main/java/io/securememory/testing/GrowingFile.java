package io.securememory.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A file that another process is writing, line by line. Each line is read once, however long the file becomes. */
final class GrowingFile {

    private final Path file;
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
    private long position;

    GrowingFile(Path file) {
        this.file = file;
    }

    /** All lines that were finished since the last call. */
    List<String> newLines() {
        List<String> lines = new ArrayList<>();
        for (byte next : newBytes()) {
            if (next == '\n') {
                lines.addAll(taken());
            } else {
                unfinished.write(next);
            }
        }
        return lines;
    }

    /** The last line, if there is one that has no end, for when no more is written. */
    List<String> rest() {
        return unfinished.size() == 0 ? List.of() : taken();
    }

    private List<String> taken() {
        String line = unfinished.toString(StandardCharsets.UTF_8);
        unfinished.reset();
        return List.of(line);
    }

    private byte[] newBytes() {
        try (FileChannel channel = FileChannel.open(file);
                InputStream in = Channels.newInputStream(channel.position(position))) {
            byte[] bytes = in.readAllBytes();
            position += bytes.length;
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All that is in it now. A character that is not written whole yet is no failure. */
    String text() {
        return textOf(file);
    }

    static String textOf(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
