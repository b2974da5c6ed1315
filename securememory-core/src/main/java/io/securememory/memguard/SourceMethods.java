package io.securememory.memguard;

import io.securememory.Format;
import io.securememory.MalformedSecretException;
import io.securememory.SecretSourceException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * The part of {@link MemGuard} that reads files and streams.
 *
 * <p>A source may take its time: neither a purge nor a close waits for it. What was read before is wiped at once, and the
 * method fails with {@link io.securememory.SecretClosedException} when the source answers.
 */
abstract class SourceMethods {

    SourceMethods() {}

    abstract SourceReader reader(int maxSize);

    /**
     * Makes a frozen buffer of exactly so many bytes of a stream, which is not closed.
     *
     * @param in the stream
     * @param size bytes to read
     * @return the buffer, which the caller closes
     * @throws SecretSourceException if the stream ends before, or fails; what was read is wiped
     */
    public LockedBuffer read(InputStream in, int size) {
        return frozen(reader(size).readExactly(in));
    }

    /**
     * Makes a frozen buffer of the bytes of a stream up to a delimiter or its end. The delimiter is read and dropped.
     *
     * @param in the stream, which is read byte by byte and not closed
     * @param delimiter what to stop at, for example a line feed
     * @param maxSize most bytes to accept
     * @return the buffer, which the caller closes
     * @throws SecretSourceException if there are no bytes, more than {@code maxSize}, or the stream fails
     */
    public LockedBuffer readUntil(InputStream in, byte delimiter, int maxSize) {
        return frozen(reader(maxSize).readUntil(in, delimiter));
    }

    /**
     * Makes a frozen buffer of a whole file, which is read straight into native memory.
     *
     * <p>Files of other file systems than the default one come through a small array on the heap, which is wiped.
     *
     * @param file the file
     * @param maxSize most bytes to accept
     * @return the buffer, which the caller closes
     * @throws SecretSourceException if the file is missing, empty, larger than {@code maxSize} or not readable
     */
    public LockedBuffer readFully(Path file, int maxSize) {
        return readFully(file, maxSize, Format.RAW);
    }

    /**
     * As {@link #readFully(Path, int)}, of text that is decoded where it is.
     *
     * @param file the file
     * @param maxSize most bytes of text to accept
     * @param format how the bytes are written in the file
     * @return the buffer, which the caller closes
     * @throws MalformedSecretException if the text is not in this format
     * @throws SecretSourceException also if there is nothing but a line break
     */
    public LockedBuffer readFully(Path file, int maxSize, Format format) {
        return frozen(reader(maxSize).decoding(format).read(file));
    }

    /**
     * Makes a frozen buffer of all bytes up to the end of a stream, which is not closed.
     *
     * <p>The bytes pass through a small array on the heap, which is wiped; the stream may keep buffers of its own.
     *
     * @param in the stream
     * @param maxSize most bytes to accept
     * @return the buffer, which the caller closes
     * @throws SecretSourceException if the stream has no bytes, more than {@code maxSize}, or fails
     */
    public LockedBuffer readFully(InputStream in, int maxSize) {
        return readFully(in, maxSize, Format.RAW);
    }

    /**
     * As {@link #readFully(InputStream, int)}, of text that is decoded where it is.
     *
     * @param in the stream
     * @param maxSize most bytes of text to accept
     * @param format how the bytes are written in the stream
     * @return the buffer, which the caller closes
     * @throws MalformedSecretException if the text is not in this format
     * @throws SecretSourceException also if there is nothing but a line break
     */
    public LockedBuffer readFully(InputStream in, int maxSize, Format format) {
        return frozen(reader(maxSize).decoding(format).read(in));
    }

    /**
     * Seals a whole file, which is read straight into native memory; as {@link #readFully(Path, int)}.
     *
     * @param file the file
     * @param maxSize most bytes to accept
     * @return the enclave, which the caller closes
     */
    public Enclave sealFully(Path file, int maxSize) {
        return sealFully(file, maxSize, Format.RAW);
    }

    /**
     * Seals what the text of a file stands for; as {@link #readFully(Path, int, Format)}.
     *
     * @param file the file
     * @param maxSize most bytes of text to accept
     * @param format how the bytes are written in the file
     * @return the enclave, which the caller closes
     */
    public Enclave sealFully(Path file, int maxSize, Format format) {
        return reader(maxSize).decoding(format).seal(file);
    }

    /**
     * Seals all bytes up to the end of a stream, which is not closed; as {@link #readFully(InputStream, int)}.
     *
     * @param in the stream
     * @param maxSize most bytes to accept
     * @return the enclave, which the caller closes
     */
    public Enclave sealFully(InputStream in, int maxSize) {
        return sealFully(in, maxSize, Format.RAW);
    }

    /**
     * Seals what the text of a stream stands for; as {@link #readFully(InputStream, int, Format)}.
     *
     * @param in the stream
     * @param maxSize most bytes of text to accept
     * @param format how the bytes are written in the stream
     * @return the enclave, which the caller closes
     */
    public Enclave sealFully(InputStream in, int maxSize, Format format) {
        return reader(maxSize).decoding(format).seal(in);
    }

    private static LockedBuffer frozen(LockedBuffer buffer) {
        buffer.freeze();
        return buffer;
    }
}
