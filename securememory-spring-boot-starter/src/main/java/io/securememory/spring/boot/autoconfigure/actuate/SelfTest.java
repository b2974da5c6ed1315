package io.securememory.spring.boot.autoconfigure.actuate;

import io.securememory.MemoryLimitException;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.WhenLimitReached;
import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;

/**
 * Makes a secret of a known text in the same way as the session, reads it back and closes it.
 *
 * <p>Nothing of this counts as created, closed or degraded. For storage protected, the test uses a buffer of a guard of its
 * own, in the same kind of memory and within the same limits. For storage sealed, it seals the text without making a secret of
 * it.
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
     * Runs the test. A purge during the test is no failure: the test then runs once more.
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
        boolean sealsAll = session.status().backing().equals("ordinary");
        if (sealsAll || session.options().storage() == Storage.SEALED) {
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
