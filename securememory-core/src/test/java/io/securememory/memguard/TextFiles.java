package io.securememory.memguard;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import io.securememory.Format;
import io.securememory.SecretFactory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;

/** Secrets whose files are text, for searches: what the files hold comes from native memory. */
final class TextFiles {

    private TextFiles() {}

    /** Makes secrets of files that hold needles which are text, and closes them. */
    static void read(List<Needle> needles, Path file, SecretFactory... factories) throws IOException {
        for (Needle needle : needles) {
            boolean hex = needle.name().contains("-hex-");
            if (hex || needle.name().endsWith("-base64-0")) {
                write(needle, file);
                for (SecretFactory factory : factories) {
                    factory.read(file, hex ? Format.HEX : Format.BASE64).close();
                }
            }
        }
    }

    private static void write(Needle text, Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(Needle.SIZE);
        for (int i = 0; i < Needle.SIZE; i++) {
            bytes.put(i, text.byteAt(i));
        }
        try (FileChannel channel = FileChannel.open(file, CREATE, WRITE, TRUNCATE_EXISTING)) {
            channel.write(bytes);
        } finally {
            MemGuard.wipe(bytes.clear());
        }
    }
}
