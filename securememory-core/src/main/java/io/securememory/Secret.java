package io.securememory;

import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are kept outside the Java heap and are reachable inside scoped actions only.
 *
 * <p><b>Guarantees.</b> The bytes never change. At rest they are not readable, not swapped and not in a core dump or heap
 * dump (see {@link Storage} for how). {@link #close()} wipes them. A use after close, of an escaped view, or from
 * another thread throws; none crashes the virtual machine. Nothing here is serializable, and {@code toString} shows the
 * length at most. {@code equals} and {@code hashCode} are those of the object.
 *
 * <p><b>Limits.</b> What an action copies to the heap, the methods with {@code Heap} in their name included, can leave
 * copies behind when the garbage collector moves it before it is wiped.
 *
 * <p><b>Threading.</b> Safe for use by several threads, which read at the same time. Nested access by one thread works, and
 * so does a close inside an access: it takes effect when the access ends.
 *
 * <p>Lengths and offsets are in bytes.
 */
public interface Secret extends AutoCloseable {

    /**
     * Returns the length, also after close.
     *
     * @return bytes, at least 1
     */
    int length();

    /**
     * Tells whether this secret can no longer be read.
     *
     * @return true once a close or purge has begun, and after its memory could not be protected again
     */
    boolean isClosed();

    /**
     * Tells how this secret rests between accesses.
     *
     * @return the storage
     */
    Storage storage();

    /**
     * Runs an action that reads the bytes in native memory, without a copy.
     *
     * @param action gets a view that is valid until it returns
     * @param <T> type of the result
     * @param <E> type of the action's checked exception
     * @return the action's result
     * @throws E if the action does
     * @throws SecretClosedException if this secret is closed, or was purged while the action ran
     */
    <T extends @Nullable Object, E extends Exception> T withBytes(SecretFunction<? extends T, E> action) throws E;

    /**
     * Runs an action that reads the bytes in native memory, without a copy and without a result.
     *
     * @param action gets a view that is valid until it returns
     * @param <E> type of the action's checked exception
     * @throws E if the action does
     * @throws SecretClosedException if this secret is closed, or was purged while the action ran
     */
    default <E extends Exception> void useBytes(SecretConsumer<E> action) throws E {
        Objects.requireNonNull(action, "action");
        this.<@Nullable Void, E>withBytes(view -> {
            action.accept(view);
            return null;
        });
    }

    /**
     * Runs an action on a copy of the bytes on the heap, which is wiped when the action ends, also by an exception.
     *
     * <p>Limits: a collection meanwhile may move the array, and leave a copy where it was until that memory is used
     * again. Where an API takes a buffer or can be fed byte by byte, {@link #withBytes} leaves none.
     *
     * @param action gets a new array
     * @param <T> type of the result
     * @param <E> type of the action's checked exception
     * @return the action's result
     * @throws E if the action does
     * @throws SecretClosedException if this secret is closed
     */
    <T extends @Nullable Object, E extends Exception> T withHeapBytes(HeapBytesFunction<? extends T, E> action)
            throws E;

    /**
     * Runs an action on the characters of a UTF-8 text on the heap, which are wiped when the action ends, also by an
     * exception. Limits as of {@link #withHeapBytes}.
     *
     * @param action gets a new array
     * @param <T> type of the result
     * @param <E> type of the action's checked exception
     * @return the action's result
     * @throws E if the action does
     * @throws IllegalStateException if the bytes are not UTF-8; the message says at which byte
     * @throws SecretClosedException if this secret is closed
     */
    <T extends @Nullable Object, E extends Exception> T withHeapChars(HeapCharsFunction<? extends T, E> action)
            throws E;

    /**
     * Runs an action with a {@link javax.crypto.SecretKey} for the JCA.
     *
     * <p>Each {@code getEncoded()} of the key makes a copy on the heap, which is wiped when the action ends. What a
     * provider derives from it (a {@code Mac} or {@code Cipher} that was initialized with the key) is the provider's:
     * let it end with the action, too. The JDK's
     * {@code Mac}, for one, keeps the key masked with a constant. Use {@link HmacSha256} for signatures that leave
     * nothing behind.
     *
     * <p>When a purge wipes the secret under the action, {@code getEncoded()} throws {@link SecretClosedException}, and
     * {@code isDestroyed()} tells so to the thread of the action. What a provider has derived before goes on until the
     * action ends.
     *
     * @param algorithm name for {@code getAlgorithm()}, for example {@code HmacSHA256}
     * @param action gets the key, which throws {@link IllegalStateException} once the action has ended
     * @param <T> type of the result
     * @param <E> type of the action's checked exception
     * @return the action's result
     * @throws E if the action does
     * @throws SecretClosedException if this secret is closed
     */
    <T extends @Nullable Object, E extends Exception> T withKey(
            String algorithm, SecretKeyFunction<? extends T, E> action) throws E;

    /**
     * Compares with another secret in a time that depends on the two lengths only.
     *
     * @param other another secret
     * @return whether lengths and all bytes are equal
     * @throws SecretClosedException if either secret is closed
     */
    boolean contentEquals(Secret other);

    /**
     * Compares with an array in a time that depends on the two lengths only.
     *
     * @param other bytes, which stay as they are
     * @return whether lengths and all bytes are equal
     * @throws SecretClosedException if this secret is closed
     */
    boolean contentEquals(byte[] other);

    /**
     * Makes an independent secret of the same bytes and storage, without a copy on the heap.
     *
     * @return a new secret, which the caller closes
     * @throws MemoryLimitException if it cannot be locked
     * @throws SecretClosedException if this secret is closed
     */
    Secret copy();

    /**
     * Opens a stream over the bytes. Each read is an access of its own; the secret may be closed between two reads, and
     * the next one throws {@link SecretClosedException} then. The stream may be shared by threads.
     *
     * @return a new stream from the first byte, which needs no close
     */
    InputStream newInputStream();

    /**
     * Wipes and releases. Idempotent. Waits for readers, at most for the close timeout. Inside an access of this secret
     * by the same thread it returns at once, and the end of that access releases.
     *
     * @throws CloseTimeoutException if readers are still inside; the last one wipes and releases
     * @throws CanaryViolationException if something wrote in front of the bytes; they are wiped all the same
     */
    @Override
    void close();
}
