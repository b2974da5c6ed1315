package io.securememory.spring.boot.autoconfigure;

import io.securememory.memguard.LockedBuffer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
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
record FileStamp(Path path, @Nullable Object key, FileTime modified, FileTime changed, long size, boolean regular) {

    /** Reads of a file that changes meanwhile. */
    private static final int ATTEMPTS = 5;

    /** More than the granularity of any file system's clock. */
    private static final Duration GRANULARITY = Duration.ofSeconds(2);

    /** A file was written to each time it was read. */
    static final class ChangingException extends RuntimeException {

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

    /** Whether any later write gets another time than the last one. Clocks of file systems tick some times a second only. */
    boolean isConclusive() {
        return changed.toInstant().isBefore(Instant.now().minus(GRANULARITY));
    }

    /**
     * Reads a file until it does not change meanwhile, so that no half of one secret is joined with half of another.
     *
     * @throws ChangingException if it changes each time
     */
    static LockedBuffer readUnchanged(Path file, Supplier<LockedBuffer> reading) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            FileStamp before = orNull(file);
            LockedBuffer text = reading.get();
            try {
                if (before == null || !before.regular() || before.equals(orNull(file))) {
                    return text;
                }
            } catch (RuntimeException | Error e) {
                text.close();
                throw e;
            }
            text.close();
        }
        throw new ChangingException(file);
    }
}
