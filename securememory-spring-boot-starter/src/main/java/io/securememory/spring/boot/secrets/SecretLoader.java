package io.securememory.spring.boot.secrets;

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
import io.securememory.spring.boot.properties.SecretNames;
import io.securememory.spring.boot.watch.FileStamp;
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
        try (LockedBuffer text = secret.location().read(session.memGuard(), SecretDeclaration.MAX_LENGTH)) {
            warnIfExposed(secret);
            Format format = format(secret, text);
            int end = secret.trim() && format == Format.TEXT
                    ? text.withBytes(view -> TextDecoder.lengthWithoutLineBreak(view, view.length()))
                    : text.size();
            int length = text.withBytes(view -> TextDecoder.length(format, view, 0, end));
            if (length == 0) {
                throw new SecretSourceException(
                        Reason.EMPTY, secret.location().toString(), "it holds nothing but a line break.", null);
            }
            return length == text.size()
                    ? factory(secret.storage()).create(text)
                    : written(
                            text, length, secret.storage(), (from, to) -> TextDecoder.decode(format, from, 0, end, to));
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

    /** What is not said to be text is taken for it only if it cannot be anything else. */
    private static Format format(SecretDeclaration secret, LockedBuffer text) {
        Format format = secret.encoding().format();
        boolean isText = format == Format.RAW
                && secret.trim()
                && text.withBytes(view -> TextDecoder.isText(view, view.length()));
        return isText ? Format.TEXT : format;
    }

    private void warnIfExposed(SecretDeclaration secret) {
        Path file = secret.location().file();
        if (file == null
                || secret.allowWorldReadable()
                || !FileExposure.isReadableByEveryone(file)
                || !warnedOf.add(secret.name())) {
            return;
        }
        if (FileExposure.isInKubernetesVolume(file)) {
            LOG.info(FileExposure.IN_KUBERNETES, secret.title(), file);
        } else {
            LOG.warn(FileExposure.WARNING, secret.title(), file, file, acknowledgement(secret));
        }
    }

    /** What silences the warning, for a secret that has other properties beside its location. */
    private static String acknowledgement(SecretDeclaration secret) {
        return secret.isNamed()
                ? " If it is right that everyone may read it, set "
                        + SecretNames.property(secret.name(), "allow-world-readable") + "=true."
                : "";
    }

    private SecretFactory factory(@Nullable Storage storage) {
        return storage == null ? session.secrets() : session.secrets(storage);
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
