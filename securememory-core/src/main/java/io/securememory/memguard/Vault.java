package io.securememory.memguard;

import io.securememory.SecretClosedException;
import io.securememory.SecretFunction;
import io.securememory.crypto.SealingEngine;
import io.securememory.crypto.StackProbe;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Seals and opens for one {@link MemGuard}.
 *
 * <p>Guards, buffers, enclaves and streams refer to the vault, and through it to the owner of the session. So the owner
 * stays reachable as long as any of them is. Nothing that a purge needs refers to the vault.
 */
final class Vault {

    private final Object owner;

    private final SharedResources shared;
    private final VaultContent content;

    /** The registry of the coffer's and the windows' memory. */
    private final RegionRegistry memory;

    /** The registry of buffers that something is opened into. */
    private final RegionRegistry buffers;

    /** The open vault of {@link #content}, once it was needed here. */
    private volatile @Nullable OpenVault opened;

    /** @param owner stays reachable as long as this vault is */
    Vault(Object owner, GuardHolding holding) {
        this.owner = owner;
        this.content = holding.vault();
        this.shared = content.shared();
        this.memory = content.memory();
        this.buffers = holding.memory();
    }

    Object owner() {
        return owner;
    }

    SharedResources shared() {
        return shared;
    }

    /** Makes a mutable buffer of zeros. */
    LockedBuffer allocate(int size) {
        return new LockedBuffer(buffers.create(size, false, zeros -> {}), this);
    }

    private OpenVault opened() {
        OpenVault present = opened;
        return present != null ? present : open();
    }

    private OpenVault open() {
        OpenVault made = content.opened();
        opened = made;
        return made;
    }

    /** Returns what is needed to seal. A closed vault throws, even while it still has windows. */
    OpenVault toSeal() {
        StackProbe.touch();
        memory.requireOpen();
        return opened();
    }

    private OpenVault withKey() {
        OpenVault at = opened();
        if (at.coffer().isDestroyed()) {
            throw new SecretClosedException("The session's key was destroyed; nothing can be opened.");
        }
        return at;
    }

    /** Takes the memory that sealing needs, so that it still works when a limit is reached later. */
    void prepare() {
        toSeal().windows().prepare();
    }

    /** Seals bytes that an action writes into a window. */
    <E extends Exception> Enclave seal(int size, MutableViewConsumer<E> filler) throws E {
        RegionLayout.requireSize(size);
        OpenVault at = toSeal();
        byte[] sealed = at.<byte[], E>inWindow(size, this, true, (window, lease) -> {
            filler.accept(lease);
            return at.encrypt(window, window.indexOf(size), size);
        });
        return counted(at, sealed);
    }

    /** Fills a window. */
    @FunctionalInterface
    interface Filler<E extends Exception> {
        /**
         * Writes to a window.
         *
         * @param view shows all bytes of the window
         * @return how many bytes are to be sealed, beginning with the first one
         */
        int fill(Lease view) throws E;
    }

    /** Seals bytes whose number is known only after they are written. */
    <E extends Exception> Enclave sealUpTo(int capacity, Filler<E> filler) throws E {
        OpenVault at = toSeal();
        byte[] sealed = at.<byte[], E>inWindow(capacity, this, true, (window, lease) -> {
            int size = filler.fill(lease);
            return at.encrypt(window, window.indexOf(capacity), size);
        });
        return counted(at, sealed);
    }

    /**
     * Seals bytes of a buffer, which must be little-endian if it is direct. Copies them into a window if that is faster
     * and there is room.
     */
    Enclave seal(ByteBuffer source, int from, int size) {
        OpenVault at = toSeal();
        return counted(at, at.seal(this, source, from, size));
    }

    /** Seals bytes of an array, which is not changed. */
    Enclave seal(byte[] source, int from, int size) {
        return seal(ByteBuffer.wrap(source), from, size);
    }

    /** Returns the era of the present key, which tells it from later keys. */
    KeyEra era() {
        return KeyEra.present(toSeal().coffer());
    }

    /** Makes an enclave of sealed bytes, and counts it. */
    Enclave counted(OpenVault at, byte[] sealed) {
        shared.rekeyer().ensureRunning();
        if (!content.add(at.coffer(), SealingEngine.nonce(sealed), SealingEngine.plainLength(sealed))) {
            throw new SecretClosedException("A purge took the key while the secret was being sealed.");
        }
        return new Enclave(this, sealed);
    }

    /** Runs an action over the opened bytes in a window. */
    <T extends @Nullable Object, E extends Exception> T withBytes(
            Enclave subject, byte[] sealed, SecretFunction<? extends T, E> action) throws E {
        return withKey().read(sealed, subject, action);
    }

    /** Opens sealed bytes into a new buffer, which no other thread sees before it is filled. */
    LockedBuffer open(Enclave subject, byte[] sealed) {
        OpenVault at = withKey();
        Region opened = buffers.forReading(() -> buffers.create(
                SealingEngine.plainLength(sealed),
                true,
                target -> at.inWindow(0, subject, false, (window, lease) -> {
                    OpenVault.decrypt(window, sealed, target.bytes(), target.indexOf(0));
                    return true;
                })));
        return new LockedBuffer(opened, this);
    }

    /** Opens sealed bytes into an array, which the caller wipes. If this fails, the array holds none of them. */
    void open(Enclave subject, byte[] sealed, byte[] target, int to) {
        try {
            withKey().open(subject, sealed, target, to);
        } catch (Throwable e) {
            Arrays.fill(target, to, to + SealingEngine.plainLength(sealed), (byte) 0);
            throw e;
        }
    }

    /** Whether the key of sealed bytes still exists. */
    boolean isCurrent(byte[] sealed) {
        return opened().coffer().isCurrent(SealingEngine.nonce(sealed));
    }

    /** Called once for each enclave, when it was closed and nobody uses it any more. */
    void ended(long nonce, int size) {
        content.ended(nonce, size);
    }

    /** Waits until the last user of a closed enclave has left. Returns false if the close timeout was over before. */
    boolean awaitEnd(Enclave enclave) {
        return content.awaitEnd(enclave::isEnded);
    }

    Duration closeTimeout() {
        return memory.closeTimeout();
    }
}
