package io.securememory.memguard;

import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.MemoryLockLimit;
import io.securememory.memcall.MemoryRegion;
import io.securememory.memcall.Protection;
import io.securememory.testing.Await;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The operating system with calls that wait until they are let go. */
class PausingMemCall extends FaultyMemCall {

    /** One call that waits before it is made. */
    static final class Pause {

        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch letGo = new CountDownLatch(1);

        private void stay() {
            reached.countDown();
            Await.open("the end of a pause", letGo);
        }

        /** Returns when the call is about to be made. */
        void awaitReached() {
            Await.open("the call that pauses", reached);
        }
    }

    private final Map<Object, Pause> pauses = new ConcurrentHashMap<>();

    PausingMemCall() {
        super(MemCalls.system());
    }

    /** Makes the next allocation wait. */
    Pause pauseAllocation() {
        return pauseAt("allocate");
    }

    /** Makes the next look at the limit wait; who reaches the limit as last seen looks at it anew. */
    Pause pauseLimit() {
        return pauseAt("limit");
    }

    /** Makes the next change of pages to this protection wait. */
    Pause pauseProtection(Protection next) {
        return pauseAt(next);
    }

    private Pause pauseAt(Object call) {
        Pause pause = new Pause();
        pauses.put(call, pause);
        return pause;
    }

    private void reach(Object call) {
        @Nullable Pause pause = pauses.remove(call);
        if (pause != null) {
            pause.stay();
        }
    }

    @Override
    public void protect(MemoryRegion region, Protection next) {
        reach(next);
        super.protect(region, next);
    }

    @Override
    public MemoryRegion allocate(long size) {
        reach("allocate");
        return super.allocate(size);
    }

    @Override
    public MemoryLockLimit lockLimit() {
        reach("limit");
        return super.lockLimit();
    }
}
