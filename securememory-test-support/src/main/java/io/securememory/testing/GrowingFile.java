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

/** A file that another process writes line by line. Each line is read only once, however long the file becomes. */
final class GrowingFile {

    private final Path file;
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
    private long position;

    GrowingFile(Path file) {
        this.file = file;
    }

    /** Returns all lines that were completed since the last call. */
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

    /** Returns the last line if it has no line end; for use when the file is complete. */
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

    /** Returns the whole current content. A character that is only partly written is not a failure. */
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
