package io.securememory.spring.boot.watch;

import io.securememory.SecretSourceException;
import io.securememory.memguard.LockedBuffer;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Identifies the state of a file without reading the file. Two different stamps mean that the file may have changed.
 *
 * @param path the real path, so that a change of a symbolic link is noticed, wherever in the path the link is
 * @param key device and inode, or null if the file system has none
 * @param modified when the content changed
 * @param changed when content, name or permissions changed; unlike {@code modified}, it cannot be set back
 * @param regular whether it is a regular file, which can be read twice, unlike a pipe
 */
public record FileStamp(
        Path path, @Nullable Object key, FileTime modified, FileTime changed, long size, boolean regular) {

    /** Most reads of a file that changes while it is read. */
    private static final int ATTEMPTS = 5;

    /** A file changed every time that it was read. */
    public static final class ChangingException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        ChangingException(Path path) {
            super("the file " + path + " changed while it was read");
        }
    }

    /** Returns the stamp of a file. */
    static FileStamp of(Path file) throws IOException {
        Path real = file.toRealPath();
        BasicFileAttributes basic = Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        FileTime changed = real.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? (FileTime) Files.getAttribute(real, "unix:ctime", LinkOption.NOFOLLOW_LINKS)
                : basic.lastModifiedTime();
        return new FileStamp(
                real, basic.fileKey(), basic.lastModifiedTime(), changed, basic.size(), basic.isRegularFile());
    }

    /** Returns the stamp of a file, or null if there is none. An attempt to read the file then shows the reason. */
    static @Nullable FileStamp orNull(Path file) {
        try {
            return of(file);
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * Reads a file, again if it changes while it is read, so that the result is never half of one secret and half of another.
     *
     * <p>An interruption of the thread would end every read through the JDK's channels. While a regular file is read, it is
     * postponed.
     *
     * @throws ChangingException if the file changes every time
     */
    public static LockedBuffer readUnchanged(Path file, Supplier<LockedBuffer> reading) {
        boolean interrupted = Thread.interrupted();
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                LockedBuffer text = readOnce(file, reading);
                interrupted |= Thread.interrupted();
                if (text != null) {
                    return text;
                }
            }
            throw new ChangingException(file);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns null if the file changed while it was read, or if the thread was interrupted. */
    private static @Nullable LockedBuffer readOnce(Path file, Supplier<LockedBuffer> reading) {
        FileStamp before = orNull(file);
        LockedBuffer text;
        try {
            text = reading.get();
        } catch (SecretSourceException e) {
            boolean interrupted = e.getCause() instanceof ClosedByInterruptException && Files.isRegularFile(file);
            if (interrupted || isAnother(before, file)) {
                return null;
            }
            throw e;
        }
        try {
            if (!isAnother(before, file)) {
                return text;
            }
        } catch (RuntimeException | Error e) {
            text.close();
            throw e;
        }
        text.close();
        return null;
    }

    /** Only regular files are compared: the stamp of a pipe changes whenever the pipe is read. */
    private static boolean isAnother(@Nullable FileStamp before, Path file) {
        FileStamp after = orNull(file);
        boolean regular = (before == null || before.regular()) && (after == null || after.regular());
        return regular && !Objects.equals(before, after);
    }
}
