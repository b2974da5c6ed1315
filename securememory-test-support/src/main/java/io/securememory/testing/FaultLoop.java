package io.securememory.testing;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * For each call that an operation makes to what can fail: once only that call fails, and once it and all that come later.
 * Each turn has a world of its own.
 *
 * @param <W> the world of a turn: what the operation works on
 */
public abstract class FaultLoop<W> {

    /** Calls that are numbered from 0, and fail where they are told to. */
    public interface Faults {

        /** Numbers calls from 0 again and chooses those that fail. */
        void failWhere(IntPredicate chosen);

        /** The calls since the last choice. */
        List<String> calls();
    }

    /** Makes a world in which nothing fails. */
    protected abstract W newWorld();

    /** The faults of a world. */
    protected abstract Faults faults(W world);

    /** What may fail. It may throw anything unchecked. */
    protected abstract void operate(W world);

    /** Operates where something fails, and checks what comes of it; faults are still in force. */
    protected abstract void operateWithFault(W world);

    /** Checks that what failed has harmed nothing else, ends the world, and checks that nothing is left of it. */
    protected abstract void end(W world);

    /** All turns. Fails if the operation makes no call at all. */
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

    /** How many calls the operation makes when none fails. */
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
