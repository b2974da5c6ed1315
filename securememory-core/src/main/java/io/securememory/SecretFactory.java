package io.securememory;

import io.securememory.memguard.LockedBuffer;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Makes secrets. The caller closes them; a secret that is left open is wiped when the session closes, at the latest.
 *
 * <p><b>Guarantees.</b> If a method wipes its source, it does so in every case, also when it throws. A call that fails
 * leaves nothing behind and touches no other secret. Once the session is closed, making a secret fails with {@link
 * IllegalStateException}.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 *
 * <p>Lengths are in bytes.
 */
public interface SecretFactory {

    /**
     * Makes a secret of the bytes of an array. The array is wiped.
     *
     * @param source at least one byte; zeros afterwards
     * @return a new secret
     * @throws IllegalArgumentException if the source is empty or longer than 512 MiB
     * @throws MemoryLimitException if a limit of locked memory or of mappings is reached, and the secret cannot be
     *     sealed instead
     */
    Secret create(byte[] source);

    /**
     * Makes a secret of characters, which are encoded as UTF-8 in native memory. The array is wiped.
     *
     * @param source at least one character; zeros afterwards
     * @return a new secret
     * @throws IllegalArgumentException if the source is empty or longer than 512 MiB in UTF-8, or has a surrogate
     *     without its partner; the message gives the index
     * @throws MemoryLimitException if a limit of locked memory or of mappings is reached, and the secret cannot be
     *     sealed instead
     */
    Secret create(char[] source);

    /**
     * Makes a secret of the bytes between a buffer's position and its limit. These bytes are wiped, unless the buffer
     * is read-only. The position moves to the limit.
     *
     * @param source at least one byte
     * @return a new secret
     * @throws IllegalArgumentException if no byte remains, or more than 512 MiB
     * @throws MemoryLimitException if a limit of locked memory or of mappings is reached, and the secret cannot be
     *     sealed instead
     */
    Secret create(ByteBuffer source);

    /**
     * Makes a secret of the bytes of a guarded buffer, without a copy on the heap. The buffer is closed.
     *
     * @param source an open buffer; closed afterwards
     * @return a new secret
     * @throws SecretClosedException if the buffer is closed
     * @throws MemoryLimitException if a limit of locked memory or of mappings is reached, and the secret cannot be
     *     sealed instead
     */
    Secret create(LockedBuffer source);

    /**
     * Makes a secret of random bytes of the operating system. They are written straight into native memory and exist
     * nowhere else.
     *
     * @param length bytes, at least 1
     * @return a new secret
     * @throws IllegalArgumentException if the length is not positive or above 512 MiB
     * @throws MemoryLimitException if a limit of locked memory or of mappings is reached, and the secret cannot be
     *     sealed instead
     */
    Secret createRandom(int length);

    /**
     * Makes a secret of all bytes of a file, which is read straight into native memory. The bytes are taken as they
     * are, including a line break at the end. To drop that line break, use {@link #read(Path, Format)} with {@link
     * Format#TEXT}.
     *
     * <p>If the thread is interrupted while it reads a regular file, it reads the file to its end all the same. If it
     * reads anything else, such as a pipe, it stops waiting and throws an exception; what was read before is wiped. In
     * both cases the thread stays interrupted.
     *
     * @param file the file
     * @return a new secret
     * @throws SecretSourceException if the file is missing, empty, too large for a secret, or not readable, or if the
     *     thread is interrupted and this is not a regular file
     * @throws SecretClosedException if the session was purged or closed while the file was read
     * @throws MemoryLimitException if a limit of locked memory or of mappings is reached, and the secret cannot be
     *     sealed instead
     */
    Secret read(Path file);

    /**
     * Makes a secret of the bytes that the text in a file stands for. The file is read straight into native memory and
     * decoded there. Interruptions are handled as in {@link #read(Path)}.
     *
     * @param file the file
     * @param format how the bytes of the secret are written in it
     * @return a new secret
     * @throws MalformedSecretException if the file is not in this format
     * @throws SecretSourceException if the file is missing, empty, too large for a secret, or not readable, or if it is
     *     text that consists of a line break only
     * @throws SecretClosedException if the session was purged or closed while the file was read
     * @throws MemoryLimitException if a limit of locked memory or of mappings is reached, and the secret cannot be
     *     sealed instead
     */
    Secret read(Path file, Format format);

    /**
     * Makes a secret of all bytes up to the end of a stream, as they are. The stream is not closed. The bytes pass
     * through a small array on the heap, which is wiped; the stream may keep buffers of its own.
     *
     * @param in the stream
     * @param maxLength most bytes to accept, at least 1
     * @return a new secret
     * @throws SecretSourceException if the stream has no bytes, more than {@code maxLength}, or fails
     * @throws SecretClosedException if the session was purged or closed while the stream was read
     * @throws MemoryLimitException if a limit of locked memory or of mappings is reached, and the secret cannot be
     *     sealed instead
     */
    Secret read(InputStream in, int maxLength);

    /**
     * Makes a secret of the bytes that the text in a stream stands for. The stream is read to its end, as by {@link
     * #read(InputStream, int)}, and decoded in native memory.
     *
     * @param in the stream
     * @param maxLength most bytes to accept from the stream, before they are decoded; at least 1
     * @param format how the bytes of the secret are written in it
     * @return a new secret
     * @throws MalformedSecretException if the stream is not in this format
     * @throws SecretSourceException if the stream has no bytes, more than {@code maxLength}, or fails, or if it is text
     *     that consists of a line break only
     * @throws SecretClosedException if the session was purged or closed while the stream was read
     * @throws MemoryLimitException if a limit of locked memory or of mappings is reached, and the secret cannot be
     *     sealed instead
     */
    Secret read(InputStream in, int maxLength, Format format);
}
