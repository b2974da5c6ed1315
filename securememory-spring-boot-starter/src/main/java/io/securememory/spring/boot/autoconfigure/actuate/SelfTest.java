package io.securememory.spring.boot.autoconfigure.actuate;

import io.securememory.MemoryLimitException;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.WhenLimitReached;
import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;

/**
 * Makes a secret of a known text in the way of the session, reads it back and closes it.
 *
 * <p>It counts as nothing that was created, closed or degraded: what should be protected is a buffer of a guard of its own, which
 * is the same memory within the same limits, and what should be sealed is sealed without becoming a secret.
 */
final class SelfTest implements Runnable {

    private static final int LENGTH = 32;

    private final SecureMemory session;
    private final MemGuard uncounted;

    SelfTest(SecureMemory session) {
        this.session = session;
        this.uncounted = session.memGuard().sharingLimit();
    }

    /**
     * Runs the test; once more if a purge came meanwhile, which is no failure.
     *
     * @throws MemoryLimitException if no memory can be locked for one more secret, and it is not sealed instead
     * @throws RuntimeException if anything else fails
     */
    @Override
    public void run() {
        try {
            runOnce();
        } catch (SecretClosedException e) {
            runOnce();
        }
    }

    private void runOnce() {
        if (session.options().storage() == Storage.SEALED) {
            seal();
            return;
        }
        try {
            protect();
        } catch (MemoryLimitException e) {
            if (session.options().whenLimitReached() == WhenLimitReached.FAIL) {
                throw e;
            }
            seal();
        }
    }

    private void protect() {
        try (LockedBuffer buffer = uncounted.moveFrom(knownText())) {
            check(buffer.contentEquals(knownText()));
        }
    }

    private void seal() {
        check(session.memGuard().sessionMemory().checkSealing());
    }

    private static void check(boolean equal) {
        if (!equal) {
            throw new IllegalStateException("a secret was not read back as it was written");
        }
    }

    /** A new array each time, because it is wiped. */
    private static byte[] knownText() {
        byte[] text = new byte[LENGTH];
        for (int i = 0; i < text.length; i++) {
            text[i] = (byte) (i + 1);
        }
        return text;
    }
}
