package io.securememory.memguard;

import io.securememory.CloseTimeoutException;
import io.securememory.DecryptionFailedException;
import io.securememory.SecretClosedException;
import io.securememory.SecretFunction;
import io.securememory.crypto.SealingEngine;
import io.securememory.crypto.StackProbe;
import io.securememory.memguard.internal.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are kept encrypted in ordinary memory. All enclaves of a {@link MemGuard} have one key, which is kept in
 * two halves in locked pages.
 *
 * <p><b>Guarantees.</b>
 *
 * <ul>
 *   <li>The cipher is ChaCha20-Poly1305 (RFC 8439). No two enclaves of a guard share a nonce. The length and the format
 *       are authenticated, too. If the encrypted bytes were changed, they are never opened.
 *   <li>The plaintext exists only while an access runs, in a guarded, locked window of native memory, which is wiped
 *       afterwards. Once there is a window, an access makes no system call.
 *   <li>A purge replaces the key: nothing that was sealed before can be opened any more.
 * </ul>
 *
 * <p><b>Limits.</b> The ciphertext may be swapped or dumped, and shows the length of the plaintext. Whoever can read
 * the whole memory of the process can read both halves of the key.
 *
 * <p><b>Threading.</b> Safe for use by several threads, which may open it at the same time. One thread may nest
 * accesses. It may also close the enclave inside an access: the close takes effect when the access ends.
 *
 * <p><b>Ownership.</b> Whoever holds the enclave closes it, which wipes the ciphertext. An enclave that is dropped is
 * collected like any other object; its ciphertext stays unreadable without the key. Not serializable.
 *
 * <p>An enclave takes 64 bytes of heap in addition to the plaintext's length, rounded up to the alignment of objects.
 */
public final class Enclave implements AutoCloseable {

    /** No new access is admitted. The low bits count the accesses that are running. */
    private static final int CLOSED = 1 << 31;

    /** Closed, and nobody is inside. One thread is wiping the ciphertext. */
    private static final int ENDING = CLOSED | 1 << 29;

    /** The ciphertext is wiped. */
    private static final int ENDED = CLOSED | 1 << 30;

    private static final VarHandle STATE = stateHandle();

    private final Vault vault;
    private final byte[] sealed;

    @SuppressWarnings("unused") // Used through STATE.
    private volatile int state;

    Enclave(Vault vault, byte[] sealed) {
        this.vault = vault;
        this.sealed = sealed;
    }

    private static VarHandle stateHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(Enclave.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /**
     * Returns the size of the plaintext. Works after close, too.
     *
     * @return bytes, at least 1
     */
    public int size() {
        return SealingEngine.plainLength(sealed);
    }

    /**
     * Tells whether this enclave can be opened.
     *
     * @return false once a close has begun, and after a purge
     */
    public boolean isAlive() {
        return state >= 0 && vault.isCurrent(sealed);
    }

    /**
     * Opens the bytes into a new buffer. The enclave stays open.
     *
     * @return a frozen buffer, which the caller closes
     * @throws DecryptionFailedException if the encrypted bytes were changed
     * @throws SecretClosedException if this enclave is closed, or a purge destroyed the key
     * @throws io.securememory.MemoryLimitException if the buffer cannot be locked and the policy requires it, or not be
     *     mapped
     */
    public LockedBuffer open() {
        StackProbe.touch();
        enter();
        try {
            return vault.open(this, sealed);
        } finally {
            leave();
        }
    }

    /**
     * Runs an action that reads the bytes, which are opened into a window of native memory and wiped afterwards.
     * Windows are reused, so this usually takes no new memory.
     *
     * @param action gets a view that is valid until the action returns
     * @param <T> type of the result
     * @param <E> type of the action's checked exception
     * @return the action's result
     * @throws E if the action throws it
     * @throws DecryptionFailedException if the encrypted bytes were changed
     * @throws SecretClosedException if this enclave is closed, or a purge destroyed the key, also while the action runs
     */
    public <T extends @Nullable Object, E extends Exception> T withBytes(SecretFunction<? extends T, E> action)
            throws E {
        Objects.requireNonNull(action, "action");
        StackProbe.touch();
        enter();
        try {
            return vault.withBytes(this, sealed, action);
        } finally {
            leave();
        }
    }

    /** Opens the bytes into an array, which the caller wipes. If this fails, the array holds none of them. */
    void open(byte[] target, int to) {
        StackProbe.touch();
        enter();
        try {
            vault.open(this, sealed, target, to);
        } finally {
            leave();
        }
    }

    private void enter() {
        int now = state;
        do {
            if (now < 0) {
                throw new SecretClosedException("The enclave is closed.");
            }
        } while (now != (now = (int) STATE.compareAndExchange(this, now, now + 1)));
    }

    private void leave() {
        int now = (int) STATE.getAndAdd(this, -1) - 1;
        if (now == CLOSED) {
            end();
        }
    }

    /** Called when nobody is inside and nobody can enter. If several threads find that out, only one of them wipes. */
    private void end() {
        if (STATE.compareAndSet(this, CLOSED, ENDING)) {
            long nonce = SealingEngine.nonce(sealed);
            Bytes.wipe(sealed);
            state = ENDED;
            vault.ended(nonce, size());
        }
    }

    boolean isEnded() {
        return state == ENDED;
    }

    /**
     * Wipes the ciphertext. Waits for readers for at most the close timeout. Inside an access to this enclave it
     * returns at once, and the end of the access wipes. Idempotent.
     *
     * @throws CloseTimeoutException if some readers are still inside; the last one to leave wipes
     */
    @Override
    public void close() {
        StackProbe.touch();
        int now = (int) STATE.getAndBitwiseOr(this, CLOSED) | CLOSED;
        if (now == ENDED) {
            return;
        }
        if (now == CLOSED) {
            end();
        } else if (!Stays.isInside(this) && !vault.awaitEnd(this)) {
            throw new CloseTimeoutException(
                    "Waited " + vault.closeTimeout().toMillis()
                            + " ms for the readers of an enclave to leave. No new one is admitted, and the last one out wipes it.");
        }
    }

    @Override
    public String toString() {
        return "Enclave[size=" + size() + ", " + (isAlive() ? "alive" : "closed") + "]";
    }
}
