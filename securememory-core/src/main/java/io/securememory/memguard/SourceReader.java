package io.securememory.memguard;

import io.securememory.SecretSourceException;
import io.securememory.SecretSourceException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.IntFunction;

/** Reads files and streams into buffers, which grow in native memory where the length is not known before. */
final class SourceReader {

    private static final int CHUNK = 512;

    /** Bytes of the first window for an input whose size is not known; it fits into one page. */
    private static final int WINDOW = 3_200;

    private static final String STREAM = "a stream";

    /** Reads into native memory, from an offset to at most the end. */
    @FunctionalInterface
    private interface Input {
        /** Returns the number of bytes read, or -1 at the end. */
        int read(RegionMemory target, int offset) throws IOException;
    }

    /** What becomes of the bytes of an input. */
    @FunctionalInterface
    private interface Sink<T> {
        /** Takes all bytes; the size is 0 if it is not known. */
        T drain(String name, long size, Input input) throws IOException;
    }

    private final MemGuard guard;
    private final Vault vault;
    private final int maxSize;

    SourceReader(MemGuard guard, Vault vault, int maxSize) {
        if (maxSize < 1) {
            throw new IllegalArgumentException("maxSize is " + maxSize + ", expected at least 1 byte");
        }
        this.guard = guard;
        this.vault = vault;
        this.maxSize = Math.min(maxSize, RegionLayout.MAX_DATA - 1);
    }

    LockedBuffer read(Path file) {
        return read(file, this::drain);
    }

    Enclave seal(Path file) {
        return read(file, this::seal);
    }

    LockedBuffer read(InputStream in) {
        return read(in, this::drain);
    }

    Enclave seal(InputStream in) {
        return read(in, this::seal);
    }

    private <T> T read(Path file, Sink<T> sink) {
        String name = "file " + file;
        try {
            if (Files.isDirectory(file)) {
                throw new SecretSourceException(Reason.UNREADABLE, name, "it is a directory.", null);
            }
            if (file.getFileSystem() != FileSystems.getDefault()) {
                try (InputStream in = Files.newInputStream(file)) {
                    return sink.drain(name, 0, chunked(in));
                }
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                return sink.drain(name, channel.size(), (target, offset) -> {
                    // The channel is the JDK's own: it reads into the pages and keeps no reference to them.
                    return channel.read(target.data().position(offset));
                });
            }
        } catch (NoSuchFileException e) {
            throw new SecretSourceException(Reason.MISSING, name, "there is no such file.", e);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private static <T> T read(InputStream in, Sink<T> sink) {
        try {
            return sink.drain(STREAM, 0, chunked(in));
        } catch (IOException e) {
            throw unreadable(STREAM, e);
        }
    }

    LockedBuffer readUntil(InputStream in, byte delimiter) {
        try {
            return drain(STREAM, 0, (target, offset) -> {
                int value = in.read();
                if (value < 0 || (byte) value == delimiter) {
                    return -1;
                }
                target.put(offset, (byte) value);
                return 1;
            });
        } catch (IOException e) {
            throw unreadable(STREAM, e);
        }
    }

    LockedBuffer readExactly(InputStream in) {
        LockedBuffer buffer = guard.allocate(maxSize);
        try {
            int filled = fill(buffer, 0, chunked(in));
            if (filled < maxSize) {
                throw new SecretSourceException(
                        Reason.TRUNCATED, STREAM, "it ended after " + filled + " of " + maxSize + " bytes.", null);
            }
            return buffer;
        } catch (IOException e) {
            SecretSourceException failure = unreadable(STREAM, e);
            Failures.suppress(failure, buffer::close);
            throw failure;
        } catch (RuntimeException | Error e) {
            Failures.suppress(e, buffer::close);
            throw e;
        }
    }

    private static SecretSourceException unreadable(String name, IOException e) {
        return new SecretSourceException(
                Reason.UNREADABLE, name, "it cannot be read (" + e.getClass().getSimpleName() + ").", e);
    }

    private static Input chunked(InputStream in) {
        byte[] chunk = new byte[CHUNK];
        return (target, offset) -> {
            try {
                int count = in.read(chunk, 0, Math.min(chunk.length, target.size() - offset));
                if (count > 0) {
                    target.copyIn(offset, chunk, 0, count);
                }
                return count;
            } finally {
                MemGuard.wipe(chunk);
            }
        };
    }

    /**
     * Reads up to the end of an input.
     *
     * @param size how many bytes there are, or 0 if that is not known
     */
    private LockedBuffer drain(String name, long size, Input input) throws IOException {
        requireFits(name, size);
        LockedBuffer current = guard.allocate(size > 0 ? (int) size : Math.min(CHUNK, maxSize));
        try {
            int filled = 0;
            while (true) {
                filled = fill(current, filled, input);
                if (filled < current.size() || filled == size) {
                    break;
                }
                requireFits(name, filled);
                current = resized(current, (int) Math.min(2L * filled, maxSize + 1L), filled);
            }
            requireSome(name, filled);
            return filled == current.size() ? current : resized(current, filled, filled);
        } catch (Throwable e) {
            Failures.suppress(e, current::close);
            throw e;
        }
    }

    /** Fills a buffer from an offset, up to its end or the input's. */
    private static int fill(LockedBuffer buffer, int from, Input input) throws IOException {
        int[] filled = new int[1];
        buffer.mutate(view -> filled[0] = fill(buffer.memory(), 0, from, input));
        return filled[0];
    }

    /** Fills memory behind a base and what was filled before; returns how many bytes there are behind the base. */
    private static int fill(RegionMemory memory, int base, int before, Input input) throws IOException {
        int filled = before;
        while (base + filled < memory.size()) {
            int count = input.read(memory, base + filled);
            if (count < 0) {
                break;
            }
            filled += count;
        }
        return filled;
    }

    private LockedBuffer resized(LockedBuffer old, int size, int filled) {
        LockedBuffer next = guard.allocate(size);
        try {
            old.withBytes(source -> {
                next.mutate(target -> target.copyFrom(0, source, 0, filled));
                return filled;
            });
            old.close();
            return next;
        } catch (Throwable e) {
            Failures.suppress(e, next::close);
            throw e;
        }
    }

    /** As {@link #drain}, straight into a window, or into one after the other if the size is not known. */
    private Enclave seal(String name, long size, Input input) throws IOException {
        requireFits(name, size);
        int capacity = size > 0 ? (int) size : Math.min(WINDOW, maxSize + 1);
        return vault.<IOException>sealUpTo(capacity, (view, sealing) -> sealed(name, size, input, view, 0, sealing));
    }

    private byte[] sealed(String name, long size, Input input, Lease view, int before, IntFunction<byte[]> sealing)
            throws IOException {
        int filled = fill(view.memory(), view.from(), before, input);
        if (filled < view.length() || filled == size) {
            requireSome(name, filled);
            return sealing.apply(filled);
        }
        requireFits(name, filled);
        int next = (int) Math.min(2L * filled, maxSize + 1L);
        return vault.<IOException>sealedUpTo(next, (larger, sealingMore) -> {
            larger.copyFrom(0, view, 0, filled);
            return sealed(name, size, input, larger, filled, sealingMore);
        });
    }

    private void requireSome(String name, int filled) {
        if (filled == 0) {
            throw new SecretSourceException(Reason.EMPTY, name, "it is empty, expected at least 1 byte.", null);
        }
        requireFits(name, filled);
    }

    private void requireFits(String name, long size) {
        if (size > maxSize) {
            throw new SecretSourceException(
                    Reason.TOO_LARGE, name, "it has more than the " + maxSize + " bytes that are allowed.", null);
        }
    }
}
