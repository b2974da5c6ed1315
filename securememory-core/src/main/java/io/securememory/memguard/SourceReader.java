package io.securememory.memguard;

import io.securememory.Format;
import io.securememory.MalformedSecretException;
import io.securememory.SecretClosedException;
import io.securememory.SecretSourceException;
import io.securememory.SecretSourceException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Reads files and streams into buffers and enclaves. If the length is not known in advance, the buffer grows in native
 * memory.
 *
 * <p>Only the reading thread waits for the source, see {@link Source}. A purge or a close wipes at once what was read,
 * and the thread fails when the source answers.
 *
 * <p>An interruption of the thread closes every channel of the JDK. While a regular file is read, the interruption is
 * put off and the file is read again. Reading anything else ends with an exception, as bytes would be lost. In both
 * cases the thread stays interrupted.
 */
final class SourceReader {

    /** Bytes of the first buffer for a source whose size is not known. */
    private static final int FIRST = 512;

    /** How often a file is read at most, if the thread is interrupted each time. */
    private static final int ATTEMPTS = 5;

    private final Vault vault;
    private final int maxSize;
    private final Format format;

    SourceReader(Vault vault, int maxSize) {
        this(vault, maxSize, Format.RAW);
    }

    private SourceReader(Vault vault, int maxSize, Format format) {
        if (maxSize < 1) {
            throw new IllegalArgumentException("maxSize is " + maxSize + ", expected at least 1 byte");
        }
        this.vault = vault;
        this.maxSize = Math.min(maxSize, RegionLayout.MAX_DATA - 1);
        this.format = Objects.requireNonNull(format, "format");
    }

    /** Reads a source and makes a result of its bytes. */
    @FunctionalInterface
    private interface Sink<T> {
        T drain(Source source) throws IOException;
    }

    /** Returns a reader for text in a format. */
    SourceReader decoding(Format text) {
        return new SourceReader(vault, maxSize, text);
    }

    LockedBuffer read(Path file) {
        return read(file, this::drain);
    }

    Enclave seal(Path file) {
        return read(file, this::seal);
    }

    LockedBuffer read(InputStream in) {
        return read(StreamSource.of(in), this::drain);
    }

    Enclave seal(InputStream in) {
        return read(StreamSource.of(in), this::seal);
    }

    LockedBuffer readUntil(InputStream in, byte delimiter) {
        return read(StreamSource.upTo(delimiter, in), this::drain);
    }

    LockedBuffer readExactly(InputStream in, int size) {
        return read(StreamSource.of(in), source -> drainExactly(source, size));
    }

    private static <T> T read(Source source, Sink<T> sink) {
        try {
            return sink.drain(source);
        } catch (IOException e) {
            throw unreadable(source.name(), e);
        }
    }

    private <T> T read(Path file, Sink<T> sink) {
        if (!Files.isRegularFile(file)) {
            return readOnce(file, sink);
        }
        boolean interrupted = Thread.interrupted();
        try {
            for (int attempt = 1; true; attempt++) {
                try {
                    return readOnce(file, sink);
                } catch (SecretSourceException e) {
                    if (attempt == ATTEMPTS || !(e.getCause() instanceof ClosedByInterruptException)) {
                        throw e;
                    }
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private <T> T readOnce(Path file, Sink<T> sink) {
        String name = "file " + file;
        try {
            if (Files.isDirectory(file)) {
                throw new SecretSourceException(Reason.UNREADABLE, name, "it is a directory.", null);
            }
            if (file.getFileSystem() != FileSystems.getDefault()) {
                try (InputStream in = Files.newInputStream(file)) {
                    return sink.drain(StreamSource.named(name, in));
                }
            }
            try (FileSource source = FileSource.open(name, file, vault)) {
                return sink.drain(source);
            }
        } catch (NoSuchFileException e) {
            throw new SecretSourceException(Reason.MISSING, name, "there is no such file.", e);
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private static SecretSourceException unreadable(String name, IOException e) {
        String detail = e instanceof ClosedByInterruptException
                ? "the thread was interrupted, and stays so."
                : "it cannot be read (" + e.getClass().getSimpleName() + ").";
        return new SecretSourceException(Reason.UNREADABLE, name, detail, e);
    }

    private LockedBuffer drainExactly(Source source, int size) throws IOException {
        LockedBuffer buffer = vault.allocate(size);
        try {
            int filled = source.fill(buffer, 0);
            if (filled < size) {
                throw new SecretSourceException(
                        Reason.TRUNCATED, source.name(), "it ended after " + filled + " of " + size + " bytes.", null);
            }
            return buffer;
        } catch (Throwable e) {
            Failures.suppress(e, buffer::close);
            throw e;
        }
    }

    /** Reads a source to its end, into a buffer. */
    private LockedBuffer drain(Source source) throws IOException {
        long size = source.size();
        requireFits(source, size);
        LockedBuffer current = vault.allocate(size > 0 ? (int) size : Math.min(FIRST, maxSize));
        try {
            int filled = 0;
            while (true) {
                filled = source.fill(current, filled);
                if (filled < current.size() || filled == size) {
                    break;
                }
                requireFits(source, filled);
                current = resized(current, (int) Math.min(2L * filled, maxSize + 1L), filled);
            }
            requireSome(source, filled);
            int length = decode(source, current, filled);
            return length == current.size() ? current : resized(current, length, length);
        } catch (Throwable e) {
            Failures.suppress(e, current::close);
            throw e;
        }
    }

    private LockedBuffer resized(LockedBuffer old, int size, int filled) {
        LockedBuffer next = larger(size);
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

    @SuppressWarnings("PreserveStackTrace") // The cause says nothing more.
    private LockedBuffer larger(int size) {
        try {
            return vault.allocate(size);
        } catch (IllegalStateException e) {
            throw new SecretClosedException("The session was closed while a source was read; what was read is wiped.");
        }
    }

    /** Reads a source to its end and seals it: from a window for a file of known size, or else in parts. */
    private Enclave seal(Source source) throws IOException {
        long size = source.size();
        requireFits(source, size);
        if (source instanceof FileSource file && size > 0) {
            return vault.<IOException>sealUpTo((int) size, window -> {
                int filled = file.fill(window);
                requireSome(source, filled);
                return decode(source, window, filled);
            });
        }
        try (SealedParts parts = new SealedParts(vault, vault.toSeal())) {
            while (source.append(parts, maxSize + 1 - parts.size())) {
                requireFits(source, parts.size());
            }
            parts.requireCurrent();
            requireSome(source, parts.size());
            return format == Format.RAW ? parts.join() : parts.join(text -> decode(source, text, text.length()));
        }
    }

    /** Decodes text in place. */
    private int decode(Source source, LockedBuffer text, int length) {
        if (format == Format.RAW) {
            return length;
        }
        int[] decoded = new int[1];
        text.mutate(view -> decoded[0] = decode(source, (Lease) view, length));
        return decoded[0];
    }

    private int decode(Source source, Lease text, int length) {
        if (format == Format.RAW) {
            return length;
        }
        int end = TextDecoder.lengthWithoutLineBreak(text, length);
        if (end == 0) {
            throw new SecretSourceException(Reason.EMPTY, source.name(), "it holds nothing but a line break.", null);
        }
        try {
            int decoded = TextDecoder.length(format, text, 0, end);
            if (decoded == 0) {
                throw new SecretSourceException(
                        Reason.EMPTY, source.name(), "it holds nothing but blanks and line breaks.", null);
            }
            TextDecoder.decode(format, text, 0, end, text);
            return decoded;
        } catch (MalformedSecretException e) {
            throw new MalformedSecretException(source.name(), format, e);
        }
    }

    private void requireSome(Source source, int filled) {
        if (filled == 0) {
            throw new SecretSourceException(
                    Reason.EMPTY, source.name(), "it is empty, expected at least 1 byte.", null);
        }
        requireFits(source, filled);
    }

    private void requireFits(Source source, long size) {
        if (size > maxSize) {
            throw new SecretSourceException(
                    Reason.TOO_LARGE,
                    source.name(),
                    "it has more than the " + maxSize + " bytes that are allowed.",
                    null);
        }
    }
}
