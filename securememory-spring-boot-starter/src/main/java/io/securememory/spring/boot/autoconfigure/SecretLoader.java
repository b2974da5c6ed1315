package io.securememory.spring.boot.autoconfigure;

import io.securememory.Format;
import io.securememory.MalformedSecretException;
import io.securememory.MemoryLimitException;
import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecretSourceException;
import io.securememory.SecretSourceException.Reason;
import io.securememory.SecretView;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MutableView;
import io.securememory.memguard.TextDecoder;
import io.securememory.spring.boot.DeclaredSecretException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads declared secrets. The text of a file goes from the kernel to native memory, is decoded there, and is never on
 * the Java heap, but for the group of three bytes at which {@link TextDecoder} is.
 *
 * <p>Two regions are locked at a time at most, also on the way to a secret that is sealed then. So none is loaded at the lock
 * limit, where a {@link SecretFactory} may still seal.
 */
final class SecretLoader {

    /** Most bytes of one secret: far more than any key, far less than what a wrong file can have. */
    static final int MAX_LENGTH = 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(SecretLoader.class);

    private final SecureMemory session;

    /** Names of secrets whose files were found readable by everyone. */
    private final Set<String> warnedOf = ConcurrentHashMap.newKeySet();

    SecretLoader(SecureMemory session) {
        this.session = session;
    }

    /**
     * Loads one secret. A failure wipes and closes all that was read.
     *
     * @throws DeclaredSecretException if there is no text, too much of it, or no memory for it, or if it is not in its encoding
     */
    Secret load(SecretDeclaration secret) {
        try (LockedBuffer text = secret.location().read(session.memGuard(), MAX_LENGTH)) {
            warnIfExposed(secret);
            int length = secret.trim()
                    ? text.withBytes(view -> TextDecoder.lengthWithoutLineBreak(view, view.length()))
                    : text.size();
            if (length == 0) {
                throw new SecretSourceException(
                        Reason.EMPTY, secret.location().toString(), "it holds nothing but a line break.", null);
            }
            return switch (secret.encoding()) {
                case RAW -> raw(text, length, secret.storage());
                case HEX -> decoded(Format.HEX, text, length, secret.storage());
                case BASE64 -> decoded(Format.BASE64, text, length, secret.storage());
            };
        } catch (SecretSourceException e) {
            throw SecretFailures.notLoaded(secret, e);
        } catch (MemoryLimitException e) {
            throw SecretFailures.notLoaded(secret, e);
        } catch (MalformedSecretException e) {
            throw SecretFailures.malformed(secret, e);
        } catch (FileStamp.ChangingException e) {
            throw SecretFailures.changing(secret, e);
        }
    }

    private void warnIfExposed(SecretDeclaration secret) {
        Path file = secret.location().file();
        if (file != null && FileExposure.isReadableByEveryone(file) && warnedOf.add(secret.name())) {
            LOG.warn(FileExposure.WARNING, secret.title(), file, file);
        }
    }

    private SecretFactory factory(@Nullable Storage storage) {
        return storage == null ? session.secrets() : session.secrets(storage);
    }

    private Secret raw(LockedBuffer text, int length, @Nullable Storage storage) {
        if (length == text.size()) {
            return factory(storage).create(text);
        }
        return written(text, length, storage, (from, to) -> to.copyFrom(0, from, 0, length));
    }

    private Secret decoded(Format format, LockedBuffer text, int length, @Nullable Storage storage) {
        int bytes = text.withBytes(view -> TextDecoder.length(format, view, 0, length));
        return written(text, bytes, storage, (from, to) -> TextDecoder.decode(format, from, 0, length, to));
    }

    @FunctionalInterface
    private interface Writer {
        void write(SecretView text, MutableView target);
    }

    /** Writes from native memory to native memory, and closes the original before the factory makes its own copy. */
    private Secret written(LockedBuffer text, int length, @Nullable Storage storage, Writer writer) {
        try (LockedBuffer bytes = session.memGuard().allocate(length)) {
            text.withBytes(from -> {
                bytes.mutate(to -> writer.write(from, to));
                return length;
            });
            text.close();
            return factory(storage).create(bytes);
        }
    }
}
