package io.securememory.memguard;

import static io.securememory.memguard.Log.LOG;

import io.securememory.memcall.internal.LibraryCleaner;
import java.lang.ref.Cleaner;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Wipes, releases, counts and logs open buffers that became unreachable. */
final class LeakWatch {

    private static final int SAMPLE = 64;

    private final LeakDetection detection;
    private final LongAdder leaked = new LongAdder();
    private final AtomicLong watched = new AtomicLong();

    LeakWatch(LeakDetection detection) {
        this.detection = detection;
    }

    long leaked() {
        return leaked.sum();
    }

    /**
     * Watches a buffer.
     *
     * @return the handle to {@link Cleaner.Cleanable#clean() clean} once the buffer is closed, or null if leak
     *     detection is off
     */
    Cleaner.@Nullable Cleanable watch(Object buffer, Region region) {
        if (detection == LeakDetection.OFF) {
            return null;
        }
        boolean traced = detection == LeakDetection.ALWAYS || watched.getAndIncrement() % SAMPLE == 0;
        Throwable origin = traced ? new Throwable("The leaked secret or buffer was created here") : null;
        return LibraryCleaner.get().register(buffer, () -> unreachable(region, origin));
    }

    /** Called when a buffer became unreachable. Must not refer to the buffer. */
    private void unreachable(Region region, @Nullable Throwable origin) {
        if (region.isReleasing()) {
            return;
        }
        leaked.increment();
        Failures failures = new Failures();
        failures.attempt(region::close);
        failures.log(LOG, "A leaked secret or buffer could not be released");
        LOG.warn(
                "A secret or buffer of {} bytes became unreachable without being closed; it was wiped. Close it, for"
                        + " example with try-with-resources.{}",
                region.size(),
                origin == null ? " Set leak detection to always to see where it was created." : "",
                origin);
    }
}
