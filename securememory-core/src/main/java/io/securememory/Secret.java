package io.securememory;

import java.io.InputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Secret bytes outside the Java heap. They can be read only inside an action that is passed to a method of this
 * interface.
 *
 * <p><b>Guarantees.</b> The bytes never change. Between accesses they cannot be read, are not swapped, and appear in no
 * core dump and no heap dump; {@link Storage} says how. {@link #close()} wipes them. Using a closed secret, a view
 * after its action, or a view on another thread throws an exception and never crashes the JVM. Nothing here is
 * serializable. {@code toString} shows nothing of the bytes but their number. {@code equals} and {@code hashCode}
 * compare identity, not bytes.
 *
 * <p><b>Limits.</b> Copies that an action makes on the heap, including those of the methods with {@code Heap} in their
 * name, can leave traces: the garbage collector may move an array before it is wiped.
 *
 * <p><b>Threading.</b> Safe for use by several threads, which may read at the same time. One thread may nest accesses.
 * It may also close the secret inside an access: the close takes effect when the access ends.
 *
 * <p>Lengths and offsets are in bytes.
 */
public interface Secret extends AutoCloseable {

    /**
     * Returns the length. Works after close, too.
     *
     * @return bytes, at least 1
     */
    int length();

    /**
     * Tells whether this secret can no longer be read.
     *
     * @return true once a close or a purge has begun, or if its memory could not be protected again after an access
     */
    boolean isClosed();

    /**
     * Tells how this secret is stored between accesses.
     *
     * @return the storage
     */
    Storage storage();

    /**
     * Runs an action that reads the bytes in native memory. Nothing is copied to the heap.
     *
     * @param action gets a view that is valid until the action returns
     * @param <T> type of the result
     * @param <E> type of the action's checked exception
     * @return the action's result
     * @throws E if the action throws it
     * @throws SecretClosedException if this secret is closed, or was purged while the action ran; the result is
     *     discarded then
     */
    <T extends @Nullable Object, E extends Exception> T withBytes(SecretFunction<? extends T, E> action) throws E;

    /**
     * Runs an action that reads the bytes in native memory and returns nothing. Nothing is copied to the heap.
     *
     * @param action gets a view that is valid until the action returns
     * @param <E> type of the action's checked exception
     * @throws E if the action throws it
     * @throws SecretClosedException if this secret is closed, or was purged while the action ran; the result is
     *     discarded then
     */
    default <E extends Exception> void useBytes(SecretConsumer<E> action) throws E {
        Objects.requireNonNull(action, "action");
        this.<@Nullable Void, E>withBytes(view -> {
            action.accept(view);
            return null;
        });
    }

    /**
     * Runs an action on a copy of the bytes on the heap. The copy is wiped when the action ends, also by an exception.
     *
     * <p><b>Limits.</b> The garbage collector may move the array while the action runs. The old place then keeps a copy
     * until that memory is used again. For an API that takes a buffer, or takes bytes one by one, use {@link
     * #withBytes}, which leaves no copy.
     *
     * @param action gets a new array
     * @param <T> type of the result
     * @param <E> type of the action's checked exception
     * @return the action's result
     * @throws E if the action throws it
     * @throws SecretClosedException if this secret is closed
     */
    <T extends @Nullable Object, E extends Exception> T withHeapBytes(HeapBytesFunction<? extends T, E> action)
            throws E;

    /**
     * Runs an action on the characters of the secret, which must be UTF-8 text. The characters are on the heap and are
     * wiped when the action ends, also by an exception. The limits of {@link #withHeapBytes} apply.
     *
     * @param action gets a new array
     * @param <T> type of the result
     * @param <E> type of the action's checked exception
     * @return the action's result
     * @throws E if the action throws it
     * @throws IllegalStateException if the bytes are not UTF-8; the message gives the position of the first bad byte
     * @throws SecretClosedException if this secret is closed
     */
    <T extends @Nullable Object, E extends Exception> T withHeapChars(HeapCharsFunction<? extends T, E> action)
            throws E;

    /**
     * Runs an action with this secret as a {@link javax.crypto.SecretKey} for the Java Cryptography Architecture (JCA).
     *
     * <p>Each {@code getEncoded()} of the key makes a copy on the heap, which is wiped when the action ends.
     *
     * <p><b>Limits.</b> A {@code Mac} or {@code Cipher} that was initialized with the key may keep data derived from
     * it, which this library cannot wipe: do not use it after the action. The JDK's {@code Mac}, for example, keeps the
     * key masked with a constant. For signatures that leave nothing behind, use {@link HmacSha256}.
     *
     * <p>If a purge wipes the secret while the action runs, {@code getEncoded()} throws {@link SecretClosedException},
     * and {@code isDestroyed()} returns true on the thread of the action. A provider that has derived data before can
     * go on using it until the action ends.
     *
     * @param algorithm name for {@code getAlgorithm()}, for example {@code HmacSHA256}
     * @param action gets the key, which throws {@link IllegalStateException} once the action has ended
     * @param <T> type of the result
     * @param <E> type of the action's checked exception
     * @return the action's result
     * @throws E if the action throws it
     * @throws SecretClosedException if this secret is closed
     */
    <T extends @Nullable Object, E extends Exception> T withKey(
            String algorithm, SecretKeyFunction<? extends T, E> action) throws E;

    /**
     * Compares with another secret. The time taken depends on the two lengths only, not on the bytes.
     *
     * @param other another secret
     * @return true if the lengths and all bytes are equal
     * @throws SecretClosedException if either secret is closed
     */
    boolean contentEquals(Secret other);

    /**
     * Compares with an array. The time taken depends on the two lengths only, not on the bytes.
     *
     * @param other bytes to compare with; the array is not changed or wiped
     * @return true if the lengths and all bytes are equal
     * @throws SecretClosedException if this secret is closed
     */
    boolean contentEquals(byte[] other);

    /**
     * Makes an independent secret with the same bytes, without a copy on the heap. It has the same storage, unless a
     * limit is reached and the options say to seal then.
     *
     * @return a new secret, which the caller closes
     * @throws MemoryLimitException if a limit of locked memory or of mappings is reached, and the copy cannot be sealed
     *     instead
     * @throws SecretClosedException if this secret is closed
     */
    Secret copy();

    /**
     * Opens a stream over the bytes. Each read is a separate access: if the secret was closed between two reads, the
     * second one throws {@link SecretClosedException}. Several threads may share the stream.
     *
     * @return a new stream that begins at the first byte; it need not be closed
     */
    InputStream newInputStream();

    /**
     * Wipes the bytes and releases their memory. Waits for readers for at most the close timeout. Inside an access to
     * this secret by the same thread it returns at once, and the end of that access wipes and releases. Idempotent.
     *
     * @throws CloseTimeoutException if some readers are still inside; the last one to leave wipes and releases
     * @throws CanaryViolationException if something wrote in front of the bytes; they are wiped all the same
     */
    @Override
    void close();
}
