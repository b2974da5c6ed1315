package io.securememory;

import io.securememory.memguard.LockedBuffer;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * Makes secrets. The caller closes them; what is forgotten is wiped when the session closes.
 *
 * <p><b>Guarantees.</b> A source that a method is said to wipe is wiped on every path, also when the method throws. A
 * failed call leaves nothing behind and touches no other secret.
 *
 * <p><b>Threading.</b> Safe for use by several threads. Lengths are in bytes.
 */
public interface SecretFactory {

    /**
     * Makes a secret of the bytes of an array, which is wiped.
     *
     * @param source at least one byte; zeros afterwards
     * @return a new secret
     * @throws IllegalArgumentException if the source is empty
     * @throws MemoryLimitException if memory cannot be locked
     */
    Secret create(byte[] source);

    /**
     * Makes a secret of the UTF-8 form of characters, encoded in native memory. The array is wiped.
     *
     * @param source at least one character; zeros afterwards
     * @return a new secret
     * @throws IllegalArgumentException if the source is empty or has a surrogate without its partner; the message says at
     *     which index
     * @throws MemoryLimitException if memory cannot be locked
     */
    Secret create(char[] source);

    /**
     * Makes a secret of the bytes between a buffer's position and limit, which are wiped if the buffer is writable. The
     * position moves to the limit.
     *
     * @param source at least one byte
     * @return a new secret
     * @throws IllegalArgumentException if no byte remains
     * @throws MemoryLimitException if memory cannot be locked
     */
    Secret create(ByteBuffer source);

    /**
     * Makes a secret of the bytes of a buffer in native memory, without a copy on the heap. The buffer is closed.
     *
     * @param source an open buffer; closed afterwards
     * @return a new secret
     * @throws SecretClosedException if the buffer is closed
     * @throws MemoryLimitException if memory cannot be locked
     */
    Secret create(LockedBuffer source);

    /**
     * Makes a secret of random bytes of the operating system, which have been nowhere else.
     *
     * @param length bytes, at least 1
     * @return a new secret
     * @throws IllegalArgumentException if the length is not positive
     * @throws MemoryLimitException if memory cannot be locked
     */
    Secret createRandom(int length);

    /**
     * Makes a secret of a whole file, which is read straight into native memory: all its bytes as they are, also a line break
     * at the end. For a file of text, that is {@link #read(Path, Format)} with {@link Format#TEXT}.
     *
     * <p>A thread that is interrupted reads a regular file all the same. It stops waiting for anything else, such as a pipe, with
     * an exception. In both cases it stays interrupted; of what was read before an exception, nothing stays.
     *
     * @param file the file
     * @return a new secret
     * @throws SecretSourceException if the file is missing, empty, too large for a secret, or not readable, or if the thread is
     *     interrupted and it is no regular file
     * @throws SecretClosedException if a purge, or the close of the session, came while the file was read
     * @throws MemoryLimitException if memory cannot be locked
     */
    Secret read(Path file);

    /**
     * Makes a secret of what is written in a file, which is read straight into native memory and decoded there. Interruptions
     * are as in {@link #read(Path)}.
     *
     * @param file the file
     * @param format how the bytes of the secret are written in it
     * @return a new secret
     * @throws MalformedSecretException if the file is not in this format
     * @throws SecretSourceException if the file is missing, empty, too large for a secret, or not readable, or if it is text
     *     that is nothing but a line break
     * @throws SecretClosedException if a purge, or the close of the session, came while the file was read
     * @throws MemoryLimitException if memory cannot be locked
     */
    Secret read(Path file, Format format);

    /**
     * Makes a secret of all bytes up to the end of a stream, as they are. It is not closed. The bytes pass through a small
     * array on the heap, which is wiped; the stream may keep buffers of its own.
     *
     * @param in the stream
     * @param maxLength most bytes to accept
     * @return a new secret
     * @throws SecretSourceException if the stream has no bytes, more than {@code maxLength}, or fails
     * @throws SecretClosedException if a purge, or the close of the session, came while the stream was read
     * @throws MemoryLimitException if memory cannot be locked
     */
    Secret read(InputStream in, int maxLength);

    /**
     * Makes a secret of what is written in a stream, up to its end, and decoded in native memory; otherwise as {@link
     * #read(InputStream, int)}.
     *
     * @param in the stream
     * @param maxLength most bytes to accept from it, before they are decoded
     * @param format how the bytes of the secret are written in it
     * @return a new secret
     * @throws MalformedSecretException if the stream is not in this format
     * @throws SecretSourceException if the stream has no bytes, more than {@code maxLength}, or fails, or if it is text that is
     *     nothing but a line break
     * @throws SecretClosedException if a purge, or the close of the session, came while the stream was read
     * @throws MemoryLimitException if memory cannot be locked
     */
    Secret read(InputStream in, int maxLength, Format format);
}
