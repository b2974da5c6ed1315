package io.securememory.spring.boot.secrets;

import io.securememory.CloseTimeoutException;
import io.securememory.Format;
import io.securememory.MalformedSecretException;
import io.securememory.MemoryLimitException;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
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
import io.securememory.spring.boot.secrets.SecretLocation.OfOrigin;
import io.securememory.spring.boot.sources.SourceAccess;
import io.securememory.spring.boot.sources.SourceException;
import io.securememory.spring.boot.watch.FileStamp;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads declared secrets. The text of a file is read by the kernel into native memory and decoded there. It is never
 * on the Java heap, except for the group of three bytes that {@link TextDecoder} is decoding.
 *
 * <p>At most two regions are locked at a time, even for a secret that is then sealed. So no secret can be loaded when
 * the lock limit is reached, although a {@link SecretFactory} may still be able to seal one.
 */
final class SecretLoader {

    private static final Logger LOG = LoggerFactory.getLogger(SecretLoader.class);

    private final SecureMemory session;
    private final SourceAccess access;

    /** Names of secrets whose files every user may read, or that stay elsewhere. */
    private final Set<String> warnedOf = ConcurrentHashMap.newKeySet();

    /** Creates a loader for files and what is on the class path. */
    SecretLoader(SecureMemory session) {
        this(session, new SessionAccess(session));
    }

    SecretLoader(SecureMemory session, SourceAccess access) {
        this.session = session;
        this.access = access;
    }

    /**
     * Loads one secret. A failure wipes and closes all that was read.
     *
     * @throws DeclaredSecretException if there is no text, too much text or no memory for it, or if the text is not in
     *     its encoding
     */
    Secret load(SecretDeclaration secret) {
        try (LockedBuffer text = secret.location().read(access, SecretDeclaration.MAX_LENGTH)) {
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
        } catch (SourceException e) {
            throw SecretFailures.notLoaded(secret, e);
        } catch (SecretClosedException | CloseTimeoutException e) {
            throw SecretFailures.notLoaded(
                    secret,
                    SourceException.of(
                            DeclaredSecretException.Reason.UNREADABLE,
                            "a secret that it needs was wiped or closed.",
                            "Read that secret again by SecretStore.reload, or give it a reload-interval.",
                            e));
        } catch (MemoryLimitException e) {
            throw SecretFailures.notLoaded(secret, e);
        } catch (MalformedSecretException e) {
            throw SecretFailures.malformed(secret, e);
        } catch (FileStamp.ChangingException e) {
            throw SecretFailures.changing(secret, e);
        }
    }

    /**
     * Where the encoding is not declared as text, the content is treated as text only if it cannot be anything else.
     */
    private static Format format(SecretDeclaration secret, LockedBuffer text) {
        Format format = secret.encoding().format();
        boolean isText = format == Format.RAW
                && secret.trim()
                && text.withBytes(view -> TextDecoder.isText(view, view.length()));
        return isText ? Format.TEXT : format;
    }

    private void warnIfExposed(SecretDeclaration secret) {
        String warning =
                secret.location() instanceof OfOrigin other ? other.origin().warning() : null;
        if (warning != null && warnedOf.add(secret.name())) {
            LOG.warn("{} was read from {}. {}", secret.title(), secret.location(), warning);
        }
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

    /** Says how to silence the warning, for a secret that has further properties besides its location. */
    private static String acknowledgement(SecretDeclaration secret) {
        return secret.isNamed()
                ? " If every user is meant to read it, set "
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

    /** Copies from native memory to native memory, and closes the original before the factory makes its own copy. */
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
