package io.securememory.test.search;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** How long a search may take, what it has not looked at, and what it tells meanwhile. */
final class Limits {

    private static final long TOLD_EVERY_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long MEGABYTE = 1 << 20;

    private final long end;
    private final Duration allowed;
    private final Consumer<String> progress;
    private final List<String> notSearched = new ArrayList<>();
    private long told = System.nanoTime();

    Limits(Duration allowed, Consumer<String> progress) {
        this.allowed = allowed;
        this.progress = progress;
        this.end = told + allowed.toNanos();
    }

    boolean isOver() {
        return System.nanoTime() - end > 0;
    }

    /** Notes that the rest of something was left out because the time is over. */
    void cutOff(String what, long searched, long all) {
        leaveOut(what + ": after " + searched / MEGABYTE + " of " + all / MEGABYTE + " MiB the time of "
                + (allowed.toSeconds() > 0 ? allowed.toSeconds() + " s" : allowed.toMillis() + " ms") + " was over");
    }

    void leaveOut(String what) {
        notSearched.add(what);
    }

    List<String> notSearched() {
        return List.copyOf(notSearched);
    }

    /** Tells how far a search is, if the last time was some seconds ago. */
    void tell(String what, long searched, long all) {
        long now = System.nanoTime();
        if (now - told > TOLD_EVERY_NANOS) {
            told = now;
            progress.accept("searching " + what + ": " + searched / MEGABYTE + " of " + all / MEGABYTE + " MiB");
        }
    }

    void tell(String what) {
        told = System.nanoTime();
        progress.accept(what);
    }
}
