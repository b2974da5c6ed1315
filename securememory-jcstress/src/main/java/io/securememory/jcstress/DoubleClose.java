package io.securememory.jcstress;

import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;

/** Two closes race. */
@JCStressTest
@Outcome(id = "0, 1, 0", expect = Expect.ACCEPTABLE, desc = "Released once")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "Released twice or not at all")
@State
public class DoubleClose {

    private final MemGuard guard = Buffers.newGuard();
    private final LockedBuffer buffer = Buffers.filled(guard);

    @Actor
    public void firstCloser() {
        buffer.close();
    }

    @Actor
    public void secondCloser() {
        buffer.close();
    }

    @Arbiter
    public void arbiter(III_Result result) {
        guard.shutDown();
        result.r1 = guard.status().liveBuffers();
        result.r2 = (int) guard.status().closedTotal();
        result.r3 = (int) guard.status().lockedBytes();
    }
}
