package io.securememory.memguard;

import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import io.securememory.memguard.internal.Computation;
import java.time.Duration;

/** What a region needs of whoever made it. */
interface RegionOwner {

    /** Where its pages are from. */
    PagePool pages();

    /** How long a close waits for those who are inside. */
    Duration closeTimeout();

    /** Called for pages that are not locked. */
    void unlocked();

    /** Called when something has written outside its bounds. */
    void canaryViolated();

    /** Does what the policy says after an overwritten canary was found. No lock of a region may be held. */
    void raiseCanaryAlarm();

    /** Takes wiped pages back. */
    void giveBack(GuardedPages wiped);

    /** Called once for a region whose bytes are wiped and whose pages are given back. */
    void unregister(Region region);

    /** Copies a part of the data of a region that the current thread is inside of, for a buffer that ends with the access. */
    ScopedBuffer lend(Region region, int from, int length);

    /** Computes in guarded memory with bytes of a region that the current thread is inside of. */
    <T> T compute(Region region, int size, Computation<T> computation);
}
