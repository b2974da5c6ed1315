package io.securememory;

import static io.securememory.Log.LOG;

import io.securememory.memguard.SessionMemory;
import io.securememory.memguard.internal.Unreachable;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All sessions that are open or still have memory. Closes and purges several of them together, so that no secret that
 * nobody reads stays unwiped while this waits for a reader of another session.
 *
 * <p>Refers to the memory of the sessions, but not to the session objects. So the garbage collector can find a dropped
 * session, and its memory can still be purged.
 */
final class LiveSessions {

    /** The memory of one session and the state of its close. Does not refer to the session object. */
    static final class Entry {
        private final WeakReference<Object> session;
        private final SessionMemory memory;
        private final boolean shutdownHook;
        private final AtomicBoolean closing = new AtomicBoolean();
        private volatile boolean closed;

        /** Gives up this session's claim to the shutdown hook. Runs by itself when the session becomes unreachable. */
        private volatile Cleaner.@Nullable Cleanable hook;

        Entry(Object session, SessionMemory memory, boolean shutdownHook) {
            this.session = new WeakReference<>(session);
            this.memory = memory;
            this.shutdownHook = shutdownHook;
        }

        boolean isClosing() {
            return closing.get();
        }

        /** Whether a close has finished without giving back all memory. */
        private boolean isLeftOver() {
            return closed && memory.holdsMemory();
        }

        private boolean needsHook() {
            return shutdownHook && !isClosing() && session.get() != null;
        }

        private void takeBackHook() {
            Cleaner.Cleanable share = hook;
            if (share != null) {
                share.clean();
            }
        }

        private boolean isOver() {
            return memory.isRefusing() && !memory.holdsMemory();
        }
    }

    private static final Set<Entry> LIVE = ConcurrentHashMap.newKeySet();

    private LiveSessions() {}

    static void add(Object session, Entry entry) {
        forgetEnded();
        entry.memory.whenEmptied(LiveSessions::forgetEnded);
        synchronized (LIVE) {
            LIVE.add(entry);
            if (entry.shutdownHook) {
                entry.hook = Unreachable.then(session, LiveSessions::dropUnusedHook);
                ShutdownHook.install(LiveSessions::closeAtShutdown);
            }
        }
    }

    /** Removes the shutdown hook, unless an open session needs it. */
    private static void dropUnusedHook() {
        synchronized (LIVE) {
            if (LIVE.stream().noneMatch(Entry::needsHook)) {
                ShutdownHook.remove();
            }
        }
    }

    private static void forgetEnded() {
        LIVE.removeIf(Entry::isOver);
    }

    private static List<SessionMemory> memories(List<Entry> sessions) {
        return sessions.stream().map(session -> session.memory).toList();
    }

    /** Purges all sessions. Those that are no longer reachable give back all their memory, too. */
    static PurgeReport purge() {
        List<Entry> sessions = List.copyOf(LIVE);
        for (Entry each : sessions) {
            if (each.session.get() == null) {
                each.memory.refuse();
            }
        }
        try {
            return purgeAndWait(memories(sessions));
        } finally {
            forgetEnded();
        }
    }

    private static PurgeReport purgeAndWait(List<SessionMemory> memories) {
        return SessionMemory.purge(memories, SessionMemory.longestTimeout(memories));
    }

    /**
     * Closes the sessions that are still open and logs what was wiped. For sessions that are closed already, tries
     * again to give back the rest of their memory.
     */
    static void close(List<Entry> sessions) {
        List<Entry> left = matching(sessions, Entry::isLeftOver);
        List<Entry> open = matching(sessions, session -> session.closing.compareAndSet(false, true));
        try {
            if (!left.isEmpty()) {
                SessionMemory.purge(memories(left), Duration.ZERO);
            }
        } finally {
            if (!open.isEmpty()) {
                closeFirst(open);
            }
            forgetEnded();
        }
    }

    private static List<Entry> matching(List<Entry> sessions, Predicate<Entry> wanted) {
        return sessions.stream().filter(wanted).toList();
    }

    private static void closeFirst(List<Entry> open) {
        PurgeReport report;
        try {
            open.forEach(session -> session.memory.refuse());
            report = purgeAndWait(memories(open));
        } finally {
            open.forEach(session -> session.closed = true);
            open.forEach(Entry::takeBackHook);
        }
        LOG.info(
                "Secure memory closed: {} wiped ({} bytes), {} deferred to their readers, {} failed, in {} ms",
                report.wiped() == 1 ? "1 secret" : report.wiped() + " secrets",
                report.bytes(),
                report.deferred(),
                report.failed(),
                TimeUnit.NANOSECONDS.toMillis(report.nanoseconds()));
    }

    /** Closes every session whose options ask for it. */
    static void closeAtShutdown() {
        close(matching(List.copyOf(LIVE), session -> session.shutdownHook));
    }
}
