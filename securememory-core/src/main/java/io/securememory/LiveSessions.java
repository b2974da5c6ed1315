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
 * All sessions that are not closed or still have memory, and what ends several of them: as one, so that nobody's idle secret
 * waits for another one's reader.
 *
 * <p>Holds what the sessions hold, and not the sessions, so that one that is dropped is noticed, and purged all the same.
 */
final class LiveSessions {

    /** What is to be ended of one session, without the session. */
    static final class Entry {
        private final WeakReference<Object> session;
        private final SessionMemory memory;
        private final boolean shutdownHook;
        private final AtomicBoolean closing = new AtomicBoolean();
        private volatile boolean closed;

        /** Takes back the share of the hook, also when the session becomes garbage. */
        private volatile Cleaner.@Nullable Cleanable hook;

        Entry(Object session, SessionMemory memory, boolean shutdownHook) {
            this.session = new WeakReference<>(session);
            this.memory = memory;
            this.shutdownHook = shutdownHook;
        }

        boolean isClosing() {
            return closing.get();
        }

        /** Whether a close is through that could not give everything back. */
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

    /** Takes the hook back unless an open session asks for it. */
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

    /** What belongs to a session that nobody can reach any more is given back, too. */
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

    /** Closes those that are not closed yet, logs what was wiped, and tries again what others have left over. */
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

    /** Closes every one whose options ask for it. */
    static void closeAtShutdown() {
        close(matching(List.copyOf(LIVE), session -> session.shutdownHook));
    }
}
