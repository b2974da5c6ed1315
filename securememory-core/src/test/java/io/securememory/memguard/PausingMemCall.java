package io.securememory.memguard;

import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.MemoryLockLimit;
import io.securememory.memcall.MemoryRegion;
import io.securememory.memcall.Protection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The operating system with a call that waits until it is let go. */
class PausingMemCall extends FaultyMemCall {

    /** Set to make the next allocation wait. */
    final AtomicBoolean allocation = new AtomicBoolean();

    /** Set to make the next look at the limit wait; who reaches the limit as last seen looks at it anew. */
    final AtomicBoolean limit = new AtomicBoolean();

    /** Set to make the next change of pages to this protection wait. */
    final AtomicReference<@Nullable Protection> protection = new AtomicReference<>();

    final CountDownLatch paused = new CountDownLatch(1);
    final CountDownLatch letGo = new CountDownLatch(1);

    PausingMemCall() {
        super(MemCalls.system());
    }

    private void pauseIf(AtomicBoolean armed) {
        if (armed.compareAndSet(true, false)) {
            pause();
        }
    }

    private void pause() {
        paused.countDown();
        try {
            letGo.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void protect(MemoryRegion region, Protection next) {
        if (protection.compareAndSet(next, null)) {
            pause();
        }
        super.protect(region, next);
    }

    @Override
    public MemoryRegion allocate(long size) {
        pauseIf(allocation);
        return super.allocate(size);
    }

    @Override
    public MemoryLockLimit lockLimit() {
        pauseIf(limit);
        return super.lockLimit();
    }
}
