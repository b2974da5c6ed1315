package io.securememory.jcstress;

import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** A reader races a purge that does not wait for it. */
@JCStressTest
@Outcome(
        id = "[12], 0",
        expect = Expect.ACCEPTABLE,
        desc = "All bytes, or the typed exception though bytes were wiped; released")
@Outcome(id = ".*", expect = Expect.FORBIDDEN, desc = "A result made of wiped bytes, or not released")
@State
public class PurgeAgainstRead {

    private final MemGuard guard = Buffers.newGuard();
    private final LockedBuffer buffer = Buffers.filled(guard);

    @Actor
    public void reader(II_Result result) {
        result.r1 = Buffers.read(buffer);
    }

    @Actor
    public void purger() {
        guard.purge(Duration.ZERO);
    }

    @Arbiter
    public void arbiter(II_Result result) {
        result.r2 = guard.status().liveBuffers();
        guard.shutDown();
    }
}
