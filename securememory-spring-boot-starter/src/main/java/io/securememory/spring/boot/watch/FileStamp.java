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
 * What tells one state of a file from another without reading it.
 *
 * @param path the real one, so that a symbolic link which now leads elsewhere is seen, on the way, too
 * @param key device and inode, or null if the file system has none
 * @param modified when the content changed
 * @param changed when content, name or permissions changed; cannot be set back like the former
 * @param regular whether it can be read twice, unlike a pipe
 */
public record FileStamp(
        Path path, @Nullable Object key, FileTime modified, FileTime changed, long size, boolean regular) {

    /** Reads of a file that changes meanwhile. */
    private static final int ATTEMPTS = 5;

    /** A file was written to each time it was read. */
    public static final class ChangingException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        ChangingException(Path path) {
            super("the file " + path + " changed while it was read");
        }
    }

    /** Looks at a file. */
    static FileStamp of(Path file) throws IOException {
        Path real = file.toRealPath();
        BasicFileAttributes basic = Files.readAttributes(real, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        FileTime changed = real.getFileSystem().supportedFileAttributeViews().contains("unix")
                ? (FileTime) Files.getAttribute(real, "unix:ctime", LinkOption.NOFOLLOW_LINKS)
                : basic.lastModifiedTime();
        return new FileStamp(
                real, basic.fileKey(), basic.lastModifiedTime(), changed, basic.size(), basic.isRegularFile());
    }

    /** Looks at a file; null if it cannot be looked at, for which reading it gives the reason. */
    static @Nullable FileStamp orNull(Path file) {
        try {
            return of(file);
        } catch (IOException e) {
            return null;
        }
    }

    /**
     * Reads a file until it does not change meanwhile, so that no half of one secret is joined with half of another.
     *
     * <p>An interruption of the thread, which ends every read of the JDK's channels, is put off while a regular file is read.
     *
     * @throws ChangingException if it changes each time
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

    /** Null if the file changed meanwhile, or the thread was interrupted. */
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

    /** A pipe looks like another one whenever it was read. */
    private static boolean isAnother(@Nullable FileStamp before, Path file) {
        FileStamp after = orNull(file);
        boolean regular = (before == null || before.regular()) && (after == null || after.regular());
        return regular && !Objects.equals(before, after);
    }
}
