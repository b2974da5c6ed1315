package io.securememory.spring.boot.autoconfigure;

import io.securememory.MemoryLimitException;
import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecretSourceException;
import io.securememory.SecretSourceException.Reason;
import io.securememory.SecretView;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.memguard.LockedBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Loads declared secrets. The text of a file goes from the kernel to native memory and is never on the Java heap.
 *
 * <p>Two regions are locked at a time at most, also on the way to a secret that is sealed then. So none is loaded at the lock
 * limit, where a {@link SecretFactory} may still seal.
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
            SecretFactory secrets = factory(secret.storage());
            return length == text.size() ? secrets.create(text) : startOf(text, length, secrets);
        } catch (SecretSourceException e) {
            throw SecretFailures.notLoaded(secret, e);
        } catch (MemoryLimitException e) {
            throw SecretFailures.notLoaded(secret, e);
        }
    }

    private SecretFactory factory(@Nullable Storage storage) {
        return storage == null ? session.secrets() : session.secrets(storage);
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
    private Secret startOf(LockedBuffer text, int length, SecretFactory secrets) {
        try (LockedBuffer start = session.memGuard().allocate(length)) {
            text.withBytes(from -> {
                start.mutate(to -> to.copyFrom(0, from, 0, length));
                return length;
            });
            text.close();
            return secrets.create(start);
        }
    }
}
