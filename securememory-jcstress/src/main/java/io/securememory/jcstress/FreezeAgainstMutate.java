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

/** A writer races a freeze, whose thread reads right after it. */
@JCStressTest
@Outcome(id = "1, 7, 7", expect = Expect.ACCEPTABLE, desc = "Written before the freeze")
@Outcome(id = "0, 0, 0", expect = Expect.ACCEPTABLE, desc = "Refused after the freeze")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "Changed after the freeze, or refused and written")
@State
public class FreezeAgainstMutate {

    private final MemGuard guard = Buffers.newGuard();
    private final LockedBuffer buffer = guard.allocate(1);

    @Actor
    public void writer(III_Result result) {
        try {
            buffer.mutate(view -> view.put(0, (byte) 7));
            result.r1 = 1;
        } catch (IllegalStateException e) {
            result.r1 = 0;
        }
    }

    @Actor
    public void freezer(III_Result result) {
        buffer.freeze();
        result.r2 = first();
    }

    @Arbiter
    public void arbiter(III_Result result) {
        result.r3 = first();
        guard.shutDown();
    }

    private int first() {
        return buffer.<Integer, RuntimeException>withBytes(view -> (int) view.get(0));
    }
}
