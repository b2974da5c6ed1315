package io.securememory.jcstress;

import io.securememory.SecretClosedException;
import io.securememory.memcall.MemCalls;
import io.securememory.memguard.LeakDetection;
import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;
import io.securememory.memguard.MemGuardOptions;

/** What the races share: guards, and the outcome of one read. */
final class Buffers {

    /** All bytes are what was written. */
    static final int CORRECT = 1;

    /** The typed exception. */
    static final int CLOSED = 2;

    /** Anything else. */
    static final int WRONG = 3;

    private static final int SIZE = 32;
    private static final byte FILL = 0x5A;

    private Buffers() {}

    static MemGuard newGuard() {
        return MemGuard.create(MemCalls.system(), MemGuardOptions.DEFAULTS.withLeakDetection(LeakDetection.OFF));
    }

    static LockedBuffer filled(MemGuard guard) {
        byte[] bytes = new byte[SIZE];
        java.util.Arrays.fill(bytes, FILL);
        return guard.moveFrom(bytes);
    }

    static int read(LockedBuffer buffer) {
        try {
            return buffer.withBytes(view -> {
                for (int i = 0; i < SIZE; i++) {
                    if (view.get(i) != FILL) {
                        return WRONG;
                    }
                }
                return CORRECT;
            });
        } catch (SecretClosedException e) {
            return CLOSED;
        }
    }
}
