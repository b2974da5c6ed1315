package io.securememory.spring.boot.autoconfigure;

import io.securememory.MemoryLimitException;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.WhenLimitReached;
import io.securememory.memguard.LockedBuffer;

/**
 * Makes a secret of a known text in the way of the session, reads it back and closes it.
 *
 * <p>What should be protected is a buffer here, which is the same memory, and not a secret of the factory: at the lock
 * limit that one would be sealed instead, and with each test count as degraded and be logged, though no secret of the
 * application is.
 */
final class SelfTest implements Runnable {

    private static final int LENGTH = 32;

    private final SecureMemory session;

    SelfTest(SecureMemory session) {
        this.session = session;
    }

    /**
     * Runs the test.
     *
     * @throws MemoryLimitException if no memory can be locked for one more secret, and it is not sealed instead
     * @throws RuntimeException if anything else fails
     */
    @Override
    public void run() {
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
        try (LockedBuffer buffer = session.memGuard().moveFrom(knownText())) {
            check(buffer.contentEquals(knownText()));
        }
    }

    private void seal() {
        try (Secret secret = session.secrets(Storage.SEALED).create(knownText())) {
            check(secret.contentEquals(knownText()));
        }
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
