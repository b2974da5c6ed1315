package io.securememory.memguard.internal;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * For loops that go through a secret word by word: their step, which no compiler knows.
 *
 * <p>Of a loop whose step it knows the compiler makes one that does several words at once, in vectors or in a register for
 * each. Of any other one it does not in any version that was measured (17, 25), so each word goes through the same
 * register as the one before.
 */
final class WordLoop {

    private static final AtomicInteger STEP = new AtomicInteger(Long.BYTES);

    private WordLoop() {}

    /** Returns the bytes of a word, 8. */
    static int step() {
        return STEP.getPlain();
    }
}
