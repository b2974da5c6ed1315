package io.securememory.testing;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * Runs an operation repeatedly, with faults in the calls that can fail. Each call has two turns: in one, only this
 * call fails; in the other, this call and all later ones fail. Each turn has a world of its own.
 *
 * @param <W> the world of a turn: the objects that the operation works on
 */
public abstract class FaultLoop<W> {

    /** Calls that are numbered from 0, some of which are chosen to fail. */
    public interface Faults {

        /** Starts the numbers at 0 again and chooses the calls that fail. */
        void failWhere(IntPredicate chosen);

        /** Returns the number of calls since the last choice. */
        List<String> calls();
    }

    /** Creates a world in which nothing fails. */
    protected abstract W newWorld();

    /** Returns the faults of a world. */
    protected abstract Faults faults(W world);

    /** Runs the operation under test. It may throw any unchecked exception. */
    protected abstract void operate(W world);

    /** Runs the operation with faults, and checks the outcome. The faults are still in force after the operation. */
    protected abstract void operateWithFault(W world);

    /** Checks that the failure has damaged nothing else, closes the world, and checks that nothing is left of it. */
    protected abstract void end(W world);

    /** Runs all turns. Fails if the operation makes no call at all. */
    public final void run() {
        int calls = calls();
        if (calls == 0) {
            throw new AssertionError("the operation makes no call that could fail");
        }
        for (int i = 0; i < calls; i++) {
            int number = i;
            turn("call " + number, call -> call == number);
            turn("call " + number + " and all later ones", call -> call >= number);
        }
    }

    /** Returns how many calls the operation makes if none fails. */
    private int calls() {
        W world = newWorld();
        faults(world).failWhere(call -> false);
        operate(world);
        int calls = faults(world).calls().size();
        end(world);
        return calls;
    }

    private void turn(String failing, IntPredicate fails) {
        W world = newWorld();
        faults(world).failWhere(fails);
        try {
            operateWithFault(world);
            faults(world).failWhere(call -> false);
            end(world);
        } catch (AssertionError | RuntimeException e) {
            e.addSuppressed(new AssertionError("where it happened: faults in " + failing));
            throw e;
        }
    }
}
