package io.securememory.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * For loops that go through a secret word by word: their step, which no compiler knows.
 *
 * <p>Of a loop whose step it knows the compiler makes one that does several words at once, in vectors or in a register for
 * each. Of any other one it does not in any version that was measured (17, 25), so each word goes through the same
 * register as the one before. The first word may go through another one, as the compiler may make the first turn a
 * piece of code of its own.
 */
final class WordLoop {

    /** Little-endian words of four bytes in an array. */
    static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final AtomicInteger ONE = new AtomicInteger(1);

    private WordLoop() {}

    /** Returns the bytes of a word. */
    static int step(int bytes) {
        return bytes * ONE.getPlain();
    }
}
