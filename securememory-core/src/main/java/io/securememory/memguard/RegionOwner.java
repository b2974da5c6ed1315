package io.securememory.memguard;

import io.securememory.crypto.LibCrypto;
import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import io.securememory.memguard.internal.Computation;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What a region needs from the object that made it. */
interface RegionOwner {

    /** The pool that its pages come from. */
    PagePool pages();

    /** How long a close waits for threads that are inside. */
    Duration closeTimeout();

    /** Called when a region got pages that are not locked. */
    void unlocked();

    /** Called when an overwritten canary was found. */
    void canaryViolated();

    /**
     * Does what the canary policy says after an overwritten canary was found. The caller must hold no lock of a region.
     */
    void raiseCanaryAlarm();

    /** Takes wiped pages back. */
    void giveBack(GuardedPages wiped);

    /** Called once for each region, after its bytes were wiped and its pages given back. */
    void unregister(Region region);

    /**
     * Makes a lent copy of a part of a region's data. The current thread is inside the region; the copy ends with its
     * access.
     */
    ScopedBuffer lend(Region region, int from, int length);

    /** Runs a computation, in guarded memory, on bytes of a region that the current thread is inside of. */
    <T> T compute(Region region, int size, Computation<T> computation);

    /** Returns the library that the session computes with, or null. */
    @Nullable
    LibCrypto library();
}
