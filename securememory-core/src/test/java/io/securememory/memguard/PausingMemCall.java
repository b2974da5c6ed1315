package io.securememory.memguard;

import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.MemoryLockLimit;
import io.securememory.memcall.MemoryRegion;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** The operating system with a call that waits until it is let go. */
class PausingMemCall extends FaultyMemCall {

    /** Set to make the next allocation wait. */
    final AtomicBoolean allocation = new AtomicBoolean();

    /** Set to make the next look at the limit wait; who reaches the limit as last seen looks at it anew. */
    final AtomicBoolean limit = new AtomicBoolean();

    final CountDownLatch paused = new CountDownLatch(1);
    final CountDownLatch letGo = new CountDownLatch(1);

    PausingMemCall() {
        super(MemCalls.system());
    }

    private void pauseIf(AtomicBoolean armed) {
        if (armed.compareAndSet(true, false)) {
            paused.countDown();
            try {
                letGo.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
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
