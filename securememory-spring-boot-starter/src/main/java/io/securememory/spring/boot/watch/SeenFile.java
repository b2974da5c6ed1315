package io.securememory.spring.boot.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the stamp of a file at its last read, to tell whether the file has to be read again.
 *
 * <p>An equal stamp does not prove that the file is unchanged while the stamp is new. The clocks of file systems tick a few
 * times per second, or only every two seconds, so a second write can leave time and size as they are. The age of a stamp is
 * measured by the clock of this JVM, because that of a file server may differ.
 *
 * <p>Threading: not safe for use by several threads at once.
 */
public final class SeenFile {

    /** More than the granularity of any file system's clock. */
    private static final long GRANULARITY_NANOS = Duration.ofSeconds(2).toNanos();

    /** A file that is written in place is considered complete after so long without a write. */
    private static final long QUIET_NANOS = Duration.ofMillis(50).toNanos();

    /** Longest wait, in such pauses, for a file that is written to without end. */
    private static final int MAX_WAITS = 20;

    /** Null if it is no file. */
    private final @Nullable Supplier<Path> file;

    private final LongSupplier nanoTime;
    private final LongConsumer pause;

    /** Stamp at the last read. Null before the first read, or if the file had no stamp. */
    private @Nullable FileStamp known;

    private long firstSeen;
    private long lastRead;

    /** @param file supplies the path, which may differ from call to call */
    public SeenFile(Supplier<Path> file) {
        this(file, System::nanoTime, LockSupport::parkNanos);
    }

    private SeenFile() {
        this.file = null;
        this.nanoTime = System::nanoTime;
        this.pause = LockSupport::parkNanos;
    }

    /** Returns the same for something that is no file, and shows no stamp: it always may have changed. */
    public static SeenFile withoutFile() {
        return new SeenFile();
    }

    /** For tests: with another clock, and another way to pause for a number of nanoseconds. */
    SeenFile(Supplier<Path> file, LongSupplier nanoTime, LongConsumer pause) {
        this.file = file;
        this.nanoTime = nanoTime;
        this.pause = pause;
    }

    /** Returns where the file is now. */
    public Path file() {
        return Objects.requireNonNull(file, "file").get();
    }

    /**
     * Returns the stamp of the file as it is now, or null if there is none. An attempt to read the file then shows the reason.
     */
    public @Nullable FileStamp stamp() {
        return file == null ? null : FileStamp.orNull(file.get());
    }

    /** Tells whether the content of the file may differ from what was read last. */
    public boolean mayHaveChanged() {
        FileStamp before = known;
        return before == null || lastRead - firstSeen < GRANULARITY_NANOS || !before.equals(stamp());
    }

    /**
     * Notes that the file was read.
     *
     * @param before the stamp of the file before it was read; it was the same afterwards
     */
    public void read(@Nullable FileStamp before) {
        long now = nanoTime.getAsLong();
        if (before == null || !before.equals(known)) {
            known = before;
            firstSeen = now;
        }
        lastRead = now;
    }

    /**
     * Waits while the file is being written in place. A file that was put there by a rename is complete and not waited for. The
     * wait also ends if the writer pauses for long, or never ends.
     */
    public void awaitQuiet() {
        FileStamp last = stamp();
        for (int i = 0; i < MAX_WAITS && isWrittenInPlace(last); i++) {
            pause.accept(QUIET_NANOS);
            FileStamp next = stamp();
            if (next == null || next.equals(last)) {
                return;
            }
            last = next;
        }
    }

    private boolean isWrittenInPlace(@Nullable FileStamp now) {
        FileStamp before = known;
        return before != null
                && now != null
                && !now.equals(before)
                && now.path().equals(before.path())
                && now.key() != null
                && now.key().equals(before.key());
    }
}
