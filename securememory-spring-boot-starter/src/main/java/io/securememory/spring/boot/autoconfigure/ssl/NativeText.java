package io.securememory.spring.boot.autoconfigure.ssl;

import io.securememory.memguard.MemGuard;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Reads text into native memory. The text is usually public, but may contain a private key. The memory is not locked, because
 * the text may be longer than the limit of locked memory. The caller wipes it.
 */
final class NativeText {

    /** Far more than the size of all certificates that an operating system trusts. */
    private static final int MAX_LENGTH = 64 * 1024 * 1024;

    private static final int PIECE = 8 * 1024;

    private NativeText() {}

    /** Reads more bytes of a source, and returns their number, or -1 at its end. */
    @FunctionalInterface
    private interface Source {
        int read(ByteBuffer target) throws IOException;
    }

    /** Reads a file. Nothing of it gets onto the heap. */
    static ByteBuffer read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(channel::read, channel.size());
        }
    }

    /** Reads a stream through an array that is wiped. */
    static ByteBuffer read(InputStream in) throws IOException {
        byte[] piece = new byte[PIECE];
        try {
            return read(
                    target -> {
                        int count = in.read(piece, 0, Math.min(piece.length, target.remaining()));
                        if (count > 0) {
                            target.put(piece, 0, count);
                        }
                        return count;
                    },
                    0);
        } finally {
            Arrays.fill(piece, (byte) 0);
        }
    }

    /** Returns a buffer whose text is from its start to its limit. */
    private static ByteBuffer read(Source source, long expected) throws IOException {
        ByteBuffer text = ByteBuffer.allocateDirect((int) Math.min(Math.max(expected + 1, PIECE), MAX_LENGTH));
        try {
            while (source.read(text) >= 0) {
                if (!text.hasRemaining()) {
                    text = larger(text);
                }
            }
            return text.flip();
        } catch (IOException | RuntimeException | Error e) {
            MemGuard.wipe(text.clear());
            throw e;
        }
    }

    private static ByteBuffer larger(ByteBuffer full) throws IOException {
        if (full.capacity() >= MAX_LENGTH) {
            throw new IOException("more than " + MAX_LENGTH + " bytes");
        }
        ByteBuffer next = ByteBuffer.allocateDirect(Math.min(2 * full.capacity(), MAX_LENGTH));
        next.put(full.flip());
        MemGuard.wipe(full.clear());
        return next;
    }
}
