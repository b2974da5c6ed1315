package io.securememory.spring.boot.autoconfigure;

import io.securememory.MemoryLimitException;
import io.securememory.Secret;
import io.securememory.SecretSourceException;
import io.securememory.SecretSourceException.Reason;
import io.securememory.SecretView;
import io.securememory.SecureMemory;
import io.securememory.memguard.LockedBuffer;

/**
 * Loads declared secrets. The text of a file goes from the kernel to native memory and is never on the Java heap.
 *
 * <p>Two regions are locked at a time at most, not more than {@link io.securememory.SecretFactory} needs for itself.
 */
final class SecretLoader {

    /** Most bytes of one secret: far more than any key, far less than what a wrong file can have. */
    static final int MAX_LENGTH = 1024 * 1024;

    private final SecureMemory session;

    SecretLoader(SecureMemory session) {
        this.session = session;
    }

    /**
     * Loads one secret. A failure wipes and closes all that was read.
     *
     * @throws DeclaredSecretException if there is no text, too much of it, or no memory for it
     */
    Secret load(SecretDeclaration secret) {
        try (LockedBuffer text = secret.location().read(session.memGuard(), MAX_LENGTH)) {
            int length = secret.trim() ? text.withBytes(SecretLoader::lengthWithoutLineBreak) : text.size();
            if (length == 0) {
                throw new SecretSourceException(
                        Reason.EMPTY, secret.location().toString(), "it holds nothing but a line break.", null);
            }
            return length == text.size() ? session.secrets().create(text) : startOf(text, length);
        } catch (SecretSourceException e) {
            throw SecretFailures.notLoaded(secret, e);
        } catch (MemoryLimitException e) {
            throw SecretFailures.notLoaded(secret, e);
        }
    }

    /** The length less one line feed at the end, and less one carriage return before it. */
    private static int lengthWithoutLineBreak(SecretView text) {
        int length = text.length();
        if (text.get(length - 1) != '\n') {
            return length;
        }
        return length > 1 && text.get(length - 2) == '\r' ? length - 2 : length - 1;
    }

    /** Copies from native memory to native memory, and closes the original before the factory makes its own copy. */
    private Secret startOf(LockedBuffer text, int length) {
        try (LockedBuffer start = session.memGuard().allocate(length)) {
            text.withBytes(from -> {
                start.mutate(to -> to.copyFrom(0, from, 0, length));
                return length;
            });
            text.close();
            return session.secrets().create(start);
        }
    }
}
