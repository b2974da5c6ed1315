package io.securememory.memguard;

import io.securememory.SecretClosedException;
import io.securememory.crypto.LibCrypto;
import io.securememory.crypto.SealingEngine;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A guarded region in which one thread at a time has plaintext: what it opened, or what it is about to seal.
 *
 * <p>The engine works at the start of the data; the plaintext is right-aligned to the guard page. The pages stay readable and writable, and hold zeros whenever the window is idle.
 */
final class SealingWindow {

    private final Region region;
    private final RegionData memory;
    private final SealingEngine engine;
    private final Coffer coffer;
    private final Coffer.Viewer viewer;
    private volatile @Nullable Region source;

    /**
     * Whether a thread has it. A purge looks at windows that somebody has only. Set before the thread enters the region,
     * which orders it before any plaintext, and cleared after it has left: no fence of its own.
     */
    private final AtomicBoolean busy = new AtomicBoolean();

    SealingWindow(Region region, Coffer coffer, Supplier<@Nullable LibCrypto> library) {
        this.region = region;
        this.memory = region.memory();
        this.engine = new SealingEngine(memory.bytes(), memory.indexOf(0), library);
        this.coffer = coffer;
        this.viewer = coffer.admit(engine);
    }

    Region region() {
        return region;
    }

    SealingEngine engine() {
        return engine;
    }

    /** Lets the current thread in, for as long as the lease runs. */
    Lease lease(Object subject, boolean writing, int plainLength) {
        engine.setFree(memory.size() - plainLength - SealingEngine.WORK_SIZE);
        int from = offsetOf(plainLength);
        return writing ? Lease.write(region, from, plainLength) : Lease.read(region, subject, from, plainLength);
    }

    int size() {
        return memory.size();
    }

    boolean isBusy() {
        return busy.get();
    }

    void setBusy(boolean value) {
        busy.setRelease(value);
    }

    /** Where the data of a plaintext begin. */
    int offsetOf(int plainLength) {
        return memory.size() - plainLength;
    }

    /** Native memory with the plaintext, little-endian. */
    ByteBuffer bytes() {
        return memory.bytes();
    }

    /** Where in {@link #bytes()} a plaintext begins. */
    int indexOf(int plainLength) {
        return memory.indexOf(offsetOf(plainLength));
    }

    /** Names whose bytes the current thread computes with, if they are not the window's own. */
    void setSource(@Nullable Region of) {
        source = of;
    }

    void requireSourceNotPurged() {
        if (isSourceWiped()) {
            throw new SecretClosedException("The secret was purged before it was used.");
        }
    }

    /** Whether a purge has wiped what is computed with. */
    boolean isSourceWiped() {
        Region of = source;
        return of != null && of.isWiped();
    }

    /** Makes the key in the engine. The caller {@linkplain #forgetKey() forgets} it. */
    void viewKey() {
        coffer.view(viewer);
    }

    /** Whether the key of sealed bytes is still the coffer's: a purge replaces it, and says so first. */
    boolean hasKeyOf(byte[] sealed) {
        return coffer.isCurrent(SealingEngine.nonce(sealed));
    }

    void forgetKey() {
        engine.wipe();
    }

    /**
     * Called after plaintext was written, or sealed with the key in the engine.
     *
     * @throws SecretClosedException if a purge wiped the window before; the plaintext is wiped then
     */
    void requireNotPurged(int plainLength) {
        VarHandle.fullFence(); // What was written or read before this is so before a purge that is not seen here wipes.
        if (region.isWiped()) {
            wipe(plainLength);
            throw new SecretClosedException("A purge came while the secret was being sealed or opened.");
        }
    }

    void wipe(int plainLength) {
        memory.wipeData(offsetOf(plainLength), plainLength);
    }

    /** Ends the window's view of the key. */
    void retire() {
        coffer.dismiss(viewer);
    }
}
