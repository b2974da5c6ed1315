package io.securememory.spring.boot.watch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what a file looked like when it was last read, to tell whether it has to be read again.
 *
 * <p>The same look proves nothing while it is new: clocks of file systems tick some times a second, or every two seconds, so that a
 * second write can leave time and size as they are. How long a look is known is measured here, as the clock of a
 * file server may be another one.
 *
 * <p>Threading: not safe for use by several threads at once.
 */
public final class SeenFile {

    /** More than the granularity of any file system's clock. */
    private static final long GRANULARITY_NANOS = Duration.ofSeconds(2).toNanos();

    /** Without a write for so long, a file that is written in place is taken for complete. */
    private static final long QUIET_NANOS = Duration.ofMillis(50).toNanos();

    /** Waits for a file that is written to without end. */
    private static final int MAX_WAITS = 20;

    private final Supplier<Path> file;
    private final LongSupplier nanoTime;
    private final LongConsumer pause;

    /** Null before the first read, and if the file could not be looked at. */
    private @Nullable FileStamp known;

    private long firstSeen;
    private long lastRead;

    /** @param file gives the path, which may be another one with each look */
    public SeenFile(Supplier<Path> file) {
        this(file, System::nanoTime, LockSupport::parkNanos);
    }

    /** With another clock, and another way to let so many nanoseconds pass. */
    SeenFile(Supplier<Path> file, LongSupplier nanoTime, LongConsumer pause) {
        this.file = file;
        this.nanoTime = nanoTime;
        this.pause = pause;
    }

    /** Where it is now. */
    public Path file() {
        return file.get();
    }

    /** What it looks like now; null if it cannot be looked at, for which reading it gives the reason. */
    public @Nullable FileStamp stamp() {
        return FileStamp.orNull(file.get());
    }

    /** Tells whether it has to be read to know what it holds. */
    public boolean mayHaveChanged() {
        FileStamp before = known;
        return before == null || lastRead - firstSeen < GRANULARITY_NANOS || !before.equals(stamp());
    }

    /**
     * Notes that it was read.
     *
     * @param before what it looked like before that, and after it
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
     * Waits while the file is being written to in place. One that came by a rename is complete, and not waited for; nor is one
     * whose writer takes longer breaks than this can know of, or never ends.
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
