package io.securememory.memguard;

import io.securememory.Format;
import io.securememory.MalformedSecretException;
import io.securememory.SecretSourceException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * The methods of {@link MemGuard} that read files and streams.
 *
 * <p>A source may take long to answer: neither a purge nor a close waits for it. They wipe at once what was read
 * before, and the method fails with {@link io.securememory.SecretClosedException} when the source answers. All methods
 * throw {@link IllegalArgumentException} if the number of bytes is not positive, and what {@link MemGuard} says of
 * methods that make a buffer or seal.
 */
abstract class SourceMethods {

    SourceMethods() {}

    abstract SourceReader reader(int maxSize);

    /**
     * Makes a frozen buffer of exactly {@code size} bytes of a stream. The stream is not closed.
     *
     * @param in the stream
     * @param size bytes to read, from 1 to 512 MiB
     * @return the buffer, which the caller closes
     * @throws IllegalArgumentException if the size is not positive or above 512 MiB; nothing is read then
     * @throws SecretSourceException if the stream ends earlier, or fails; what was read is wiped then
     */
    public LockedBuffer read(InputStream in, int size) {
        RegionLayout.requireSize(size);
        return frozen(reader(size).readExactly(in, size));
    }

    /**
     * Makes a frozen buffer of the bytes of a stream up to a delimiter, or up to its end. The delimiter is read and
     * dropped.
     *
     * @param in the stream, which is read byte by byte, and is not closed
     * @param delimiter what to stop at, for example a line feed
     * @param maxSize most bytes to accept, at least 1
     * @return the buffer, which the caller closes
     * @throws SecretSourceException if there are no bytes, more than {@code maxSize}, or the stream fails
     */
    public LockedBuffer readUntil(InputStream in, byte delimiter, int maxSize) {
        return frozen(reader(maxSize).readUntil(in, delimiter));
    }

    /**
     * Makes a frozen buffer of all bytes of a file, which is read straight into native memory.
     *
     * <p>Files of file systems other than the default one pass through a small array on the heap, which is wiped.
     *
     * @param file the file
     * @param maxSize most bytes to accept, at least 1
     * @return the buffer, which the caller closes
     * @throws SecretSourceException if the file is missing, empty, larger than {@code maxSize} or not readable
     */
    public LockedBuffer readFully(Path file, int maxSize) {
        return readFully(file, maxSize, Format.RAW);
    }

    /**
     * Makes a frozen buffer of the bytes that the text in a file stands for. The file is read as by {@link
     * #readFully(Path, int)}, and decoded in native memory.
     *
     * @param file the file
     * @param maxSize most bytes of text to accept, at least 1
     * @param format how the bytes are written in the file
     * @return the buffer, which the caller closes
     * @throws MalformedSecretException if the text is not in this format
     * @throws SecretSourceException as the method without a format, and if the text consists of a line break only
     */
    public LockedBuffer readFully(Path file, int maxSize, Format format) {
        return frozen(reader(maxSize).decoding(format).read(file));
    }

    /**
     * Makes a frozen buffer of all bytes up to the end of a stream. The stream is not closed.
     *
     * <p>The bytes pass through a small array on the heap, which is wiped; the stream may keep buffers of its own.
     *
     * @param in the stream
     * @param maxSize most bytes to accept, at least 1
     * @return the buffer, which the caller closes
     * @throws SecretSourceException if the stream has no bytes, more than {@code maxSize}, or fails
     */
    public LockedBuffer readFully(InputStream in, int maxSize) {
        return readFully(in, maxSize, Format.RAW);
    }

    /**
     * Makes a frozen buffer of the bytes that the text in a stream stands for. The stream is read as by {@link
     * #readFully(InputStream, int)}, and the text is decoded in native memory.
     *
     * @param in the stream
     * @param maxSize most bytes of text to accept, at least 1
     * @param format how the bytes are written in the stream
     * @return the buffer, which the caller closes
     * @throws MalformedSecretException if the text is not in this format
     * @throws SecretSourceException as the method without a format, and if the text consists of a line break only
     */
    public LockedBuffer readFully(InputStream in, int maxSize, Format format) {
        return frozen(reader(maxSize).decoding(format).read(in));
    }

    /**
     * Seals all bytes of a file, which is read straight into native memory. Exceptions as of {@link #readFully(Path,
     * int)}.
     *
     * @param file the file
     * @param maxSize most bytes to accept, at least 1
     * @return the enclave, which the caller closes
     */
    public Enclave sealFully(Path file, int maxSize) {
        return sealFully(file, maxSize, Format.RAW);
    }

    /**
     * Seals the bytes that the text in a file stands for. Exceptions as of {@link #readFully(Path, int, Format)}.
     *
     * @param file the file
     * @param maxSize most bytes of text to accept, at least 1
     * @param format how the bytes are written in the file
     * @return the enclave, which the caller closes
     */
    public Enclave sealFully(Path file, int maxSize, Format format) {
        return reader(maxSize).decoding(format).seal(file);
    }

    /**
     * Seals all bytes up to the end of a stream. The stream is not closed. Exceptions as of {@link
     * #readFully(InputStream, int)}.
     *
     * @param in the stream
     * @param maxSize most bytes to accept, at least 1
     * @return the enclave, which the caller closes
     */
    public Enclave sealFully(InputStream in, int maxSize) {
        return sealFully(in, maxSize, Format.RAW);
    }

    /**
     * Seals the bytes that the text in a stream stands for. Exceptions as of {@link #readFully(InputStream, int,
     * Format)}.
     *
     * @param in the stream
     * @param maxSize most bytes of text to accept, at least 1
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
