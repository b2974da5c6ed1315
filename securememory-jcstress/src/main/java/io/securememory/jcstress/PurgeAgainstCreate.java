package io.securememory.jcstress;

import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A create races a purge. */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "Created after the purge: alive and registered")
@Outcome(id = "2, 0", expect = Expect.ACCEPTABLE, desc = "Created before the purge: closed and released")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "Alive but forgotten, or closed but registered, or wrong bytes")
@State
public class PurgeAgainstCreate {

    private final MemGuard guard = Buffers.newGuard();
    private LockedBuffer created;

    @Actor
    public void creator() {
        created = Buffers.filled(guard);
    }

    @Actor
    public void purger() {
        guard.purge();
    }

    @Arbiter
    public void arbiter(II_Result result) {
        // The harness once runs the arbiter alone, to see what memory it takes; in a race, 0 is forbidden.
        result.r1 = created == null ? 0 : Buffers.read(created);
        result.r2 = guard.status().liveBuffers();
        guard.shutDown();
    }
}
