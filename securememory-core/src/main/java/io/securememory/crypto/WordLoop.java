package io.securememory.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The step of loops that process a secret word by word. No compiler knows its value.
 *
 * <p>If the compiler knows the step of a loop, it may process several words at once, in vectors or in several
 * registers. If it does not, no version that was measured (17, 25) does so. Then each word goes through the same
 * register as the one before. Only the first word may go through another register, as the compiler may separate the
 * first turn from the loop.
 */
final class WordLoop {

    /** Little-endian words of four bytes in an array. */
    static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private static final AtomicInteger ONE = new AtomicInteger(1);

    private WordLoop() {}

    /** Returns its argument, the number of bytes of a word. */
    static int step(int bytes) {
        return bytes * ONE.getPlain();
    }
}
