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
 * Bytes that rest encrypted in ordinary memory. The one key of all enclaves of a {@link MemGuard} is in its coffer.
 *
 * <p><b>Guarantees.</b>
 *
 * <ul>
 *   <li>ChaCha20-Poly1305 (RFC 8439) with a nonce that no two enclaves of a guard share; length and format are
 *       authenticated, too. Changed bytes are never opened.
 *   <li>The plaintext exists in guarded, locked native memory only, while an access runs, and is wiped after it. No
 *       access makes a system call once its window exists.
 *   <li>A purge replaces the key: nothing that was sealed before can be opened any more.
 * </ul>
 *
 * <p><b>Limits.</b> The ciphertext may be swapped or dumped, and its length shows. Whoever reads the whole memory of the
 * process has both halves of the key.
 *
 * <p><b>Threading.</b> Safe for use by several threads, which open it at the same time without waiting for each other.
 * Nested access by one thread works, and so does a close inside an access: it takes effect when the access ends.
 *
 * <p><b>Ownership.</b> Whoever holds the enclave closes it, which wipes the ciphertext. One that is dropped is collected
 * like any object; nothing of it is readable without the key. Not serializable.
 *
 * <p>Takes 64 bytes of heap beyond the plaintext, rounded up to the alignment of objects.
 */
public final class Enclave implements AutoCloseable {

    /** No new access. The other bits count those that go on. */
    private static final int CLOSED = 1 << 31;

    /** Closed, and nobody is inside; somebody wipes the ciphertext. */
    private static final int ENDING = CLOSED | 1 << 29;

    /** The ciphertext is wiped. */
    private static final int ENDED = CLOSED | 1 << 30;

    private static final VarHandle STATE = stateHandle();

    private final Vault vault;
    private final byte[] sealed;

    @SuppressWarnings("unused") // Through STATE.
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
     * Returns the size of the plaintext, also after close.
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
     * Opens the bytes into a buffer of their own. The enclave stays as it is.
     *
     * @return a frozen buffer, which the caller closes
     * @throws DecryptionFailedException if the bytes were changed
     * @throws SecretClosedException if this enclave is closed, or a purge destroyed the key
     * @throws io.securememory.MemoryLimitException if the buffer cannot be locked and the policy requires it
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
     * Runs an action that reads the opened bytes in a window of native memory, which is wiped after it. Takes no memory of
     * its own.
     *
     * @param action gets a view that is valid until it returns
     * @param <T> type of the result
     * @param <E> type of the action's checked exception
     * @return the action's result
     * @throws E if the action does
     * @throws DecryptionFailedException if the bytes were changed
     * @throws SecretClosedException if this enclave is closed, or a purge destroyed the key, also while the action ran
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

    /**
     * Opens the bytes into an array that has room for them and that the caller wipes. After a failure there is nothing of
     * them in it.
     */
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

    /** With nobody inside and nobody to come; only one of those who find it so wipes. */
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
     * Wipes the ciphertext. Waits for those who read it, at most for the close timeout. Inside an access of this enclave
     * it takes effect when the access ends. Idempotent.
     *
     * @throws CloseTimeoutException if a reader stays too long; the last one out wipes
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
