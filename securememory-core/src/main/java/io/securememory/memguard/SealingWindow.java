package io.securememory.memguard;

import io.securememory.SecretClosedException;
import io.securememory.crypto.LibCrypto;
import io.securememory.crypto.SealingEngine;
import io.securememory.memguard.internal.Computation;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A guarded region in which one thread at a time has plaintext: what it has opened, or what it is about to seal.
 *
 * <p>The engine works at the start of the data. The plaintext is at its end, next to the guard page. The pages stay
 * readable and writable. They hold zeros whenever the window is idle.
 */
final class SealingWindow {

    /** Of what computations find in their memory. */
    private static final int ALIGNMENT = 16;

    private final Region region;
    private final RegionData memory;
    private final SealingEngine engine;
    private final Coffer coffer;
    private final Coffer.Viewer viewer;
    private volatile @Nullable Region source;

    /** Whether the thread that has this window computes in front of its plaintext. Used by that thread only. */
    private boolean computing;

    /**
     * Whether a thread has this window. A purge wipes only windows that a thread has. Set before the thread enters the
     * region, which orders it before any plaintext, and cleared after it has left: so it needs no fence.
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

    /** Lets the current thread in until the lease ends. */
    Lease lease(Object subject, boolean writing, int plainLength) {
        engine.setFree(memory.size() - plainLength - SealingEngine.WORK_SIZE);
        int from = offsetOf(plainLength);
        return writing ? Lease.write(region, from, plainLength) : Lease.read(region, subject, from, plainLength, this);
    }

    /** Whether there is room for a computation between the engine's work area and the plaintext. */
    boolean canCompute(int plainLength, int size) {
        return !computing && workFor(plainLength, size) >= memory.indexOf(SealingEngine.WORK_SIZE);
    }

    /** Returns the index in {@link #bytes()} of memory for a computation, in front of the plaintext. */
    private int workFor(int plainLength, int size) {
        return (indexOf(plainLength) - size) & -ALIGNMENT;
    }

    /** Runs a computation in front of the plaintext that this thread has opened. The caller checks for a purge. */
    <T> T compute(int plainLength, int size, Computation<T> computation) {
        int work = workFor(plainLength, size);
        computing = true;
        try {
            return computation.in(memory.bytes(), work);
        } finally {
            computing = false;
            memory.wipeData(work - memory.indexOf(0), size);
        }
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

    /** Returns where a plaintext begins in the region's data. */
    int offsetOf(int plainLength) {
        return memory.size() - plainLength;
    }

    /** Returns the native memory with the plaintext, little-endian. */
    ByteBuffer bytes() {
        return memory.bytes();
    }

    /** Returns the index in {@link #bytes()} at which a plaintext begins. */
    int indexOf(int plainLength) {
        return memory.indexOf(offsetOf(plainLength));
    }

    /** Sets the region whose bytes the current thread computes with, if these are not in the window itself. */
    void setSource(@Nullable Region of) {
        source = of;
    }

    void requireSourceNotPurged() {
        if (isSourceWiped()) {
            throw new SecretClosedException("The secret was purged before it was used.");
        }
    }

    /** Whether a purge has wiped the bytes that are computed with. */
    boolean isSourceWiped() {
        Region of = source;
        return of != null && of.isWiped();
    }

    /** Computes the key in the engine. The caller calls {@link #forgetKey()} afterwards. */
    void viewKey() {
        coffer.view(viewer);
    }

    /** Whether the coffer still has the key of sealed bytes. A purge replaces the key. */
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
        VarHandle.fullFence(); // Orders all reads and writes before this ahead of a purge that is not seen here.
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
