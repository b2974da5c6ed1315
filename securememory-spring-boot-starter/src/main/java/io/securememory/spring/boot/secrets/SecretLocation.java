package io.securememory.spring.boot.secrets;

import io.securememory.SecretSourceException;
import io.securememory.SecretSourceException.Reason;
import io.securememory.memguard.LockedBuffer;
import io.securememory.spring.boot.sources.Origin;
import io.securememory.spring.boot.sources.SourceAccess;
import io.securememory.spring.boot.sources.SourceException;
import io.securememory.spring.boot.watch.FileStamp;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ResourceUtils;

/** Where the text of a declared secret comes from. The {@code toString} of each implementation is a name for messages. */
public sealed interface SecretLocation {

    /** Added to what is wrong with a value. */
    String NOT_SHOWN = "; it is not shown here, because it may be the secret itself";

    /**
     * Tells whether nothing exists at the location for certain. A location that cannot be checked is not absent: an
     * attempt to read it gives the reason.
     */
    boolean isAbsent();

    /**
     * Reads everything into native memory.
     *
     * @return a buffer, which the caller closes
     * @throws SecretSourceException if nothing exists, if it is empty or too long, or if it cannot be read
     * @throws SourceException the same, of something other than a file
     */
    LockedBuffer read(SourceAccess access, int maxLength);

    /** Tells whether something exists at the location for certain. */
    boolean exists();

    /** Tells whether the location is a directory, which holds no text. */
    default boolean isDirectory() {
        return false;
    }

    /**
     * Returns the file, or null if the location is not a file. The file may be read again; a later call may then
     * return the other file of a {@link WrittenPath}.
     */
    default @Nullable Path file() {
        return null;
    }

    /**
     * Checks the value of a property.
     *
     * @throws IllegalArgumentException if the value is not a location; the message does not show the value, which may
     *     be the text of a secret
     */
    static SecretLocation of(@Nullable String value, ResourceLoader resources) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("is not set");
        }
        boolean isFile = value.startsWith(ResourceUtils.FILE_URL_PREFIX);
        if (!isFile && !value.startsWith(ResourceUtils.CLASSPATH_URL_PREFIX)) {
            throw new IllegalArgumentException("does not begin with file: or classpath:" + NOT_SHOWN);
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("has line breaks or other control characters" + NOT_SHOWN);
        }
        return isFile ? file(value) : new OfClassPath(value, resources.getResource(value));
    }

    @SuppressWarnings("PreserveStackTrace") // The message of the cause shows the value.
    private static SecretLocation file(String value) {
        try {
            return new OfFile(WrittenPath.of(value.substring(ResourceUtils.FILE_URL_PREFIX.length())));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("is not a valid path" + WrittenPath.reason(value) + NOT_SHOWN);
        }
    }

    /** A file, whose content never reaches the Java heap. */
    record OfFile(WrittenPath written) implements SecretLocation {

        @Override
        public boolean exists() {
            return Files.exists(file());
        }

        @Override
        public boolean isAbsent() {
            return Files.notExists(file());
        }

        @Override
        public boolean isDirectory() {
            return Files.isDirectory(file());
        }

        @Override
        public Path file() {
            return written.now();
        }

        @Override
        public LockedBuffer read(SourceAccess access, int maxLength) {
            Path path = file();
            return FileStamp.readUnchanged(path, () -> access.memGuard().readFully(path, maxLength));
        }

        @Override
        public String toString() {
            return "file " + written;
        }
    }

    /** A resource on the class path, which is read through a stream of the class loader. */
    record OfClassPath(String value, Resource resource) implements SecretLocation {

        @Override
        public boolean exists() {
            return resource.exists();
        }

        @Override
        public boolean isAbsent() {
            return !resource.exists();
        }

        @Override
        public boolean isDirectory() {
            try {
                return resource.isFile() && resource.getFile().isDirectory();
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public LockedBuffer read(SourceAccess access, int maxLength) {
            if (isDirectory()) { // Its stream would be a list of its files.
                throw new SecretSourceException(Reason.UNREADABLE, value, "it is a directory.", null);
            }
            try (InputStream in = resource.getInputStream()) {
                return access.memGuard().readFully(in, maxLength);
            } catch (FileNotFoundException e) {
                throw new SecretSourceException(Reason.MISSING, value, "there is no such resource.", e);
            } catch (IOException e) {
                throw new SecretSourceException(Reason.UNREADABLE, value, "it cannot be read.", e);
            }
        }

        @Override
        public String toString() {
            return value;
        }
    }

    /** What is neither a file nor on the class path. It can be read again, and may be another secret each time. */
    record OfOrigin(Origin origin) implements SecretLocation {

        @Override
        public boolean exists() {
            return false; // Not for certain.
        }

        @Override
        public boolean isAbsent() {
            return origin.isAbsent();
        }

        @Override
        public LockedBuffer read(SourceAccess access, int maxLength) {
            return origin.read(access, maxLength);
        }

        @Override
        public String toString() {
            return origin.toString();
        }
    }

    /** No location: the bytes are generated. */
    record Generated(int length) implements SecretLocation {

        @Override
        public boolean exists() {
            return true;
        }

        @Override
        public boolean isAbsent() {
            return false;
        }

        @Override
        public LockedBuffer read(SourceAccess access, int maxLength) {
            return access.memGuard().random(length);
        }

        @Override
        public String toString() {
            return "random bytes";
        }
    }
}
