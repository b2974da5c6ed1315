package io.securememory;

import io.securememory.memguard.MemGuard;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All sessions that are not closed, and what ends several of them: as one, so that nobody's idle secret waits for another
 * one's reader.
 */
final class LiveSessions {

    private static final Logger LOG = LoggerFactory.getLogger(SecureMemory.class);

    /** The library's only mutable static state. */
    private static final Set<SecureMemory> LIVE =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    private LiveSessions() {}

    static void add(SecureMemory session) {
        LIVE.add(session);
    }

    private static List<SecureMemory> all() {
        synchronized (LIVE) {
            return List.copyOf(LIVE);
        }
    }

    private static List<MemGuard> guards(List<SecureMemory> sessions) {
        return sessions.stream().flatMap(session -> session.guards().stream()).toList();
    }

    static PurgeReport purge() {
        List<SecureMemory> sessions = all();
        Duration timeout = sessions.stream()
                .map(session -> session.options().closeTimeout())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        return MemGuard.purge(guards(sessions), timeout);
    }

    /** Closes those that are not closed yet, and logs what was wiped. */
    static void close(List<SecureMemory> sessions) {
        List<SecureMemory> open =
                sessions.stream().filter(SecureMemory::refuseFromNowOn).toList();
        if (open.isEmpty()) {
            return;
        }
        open.forEach(LIVE::remove);
        PurgeReport report = MemGuard.shutDown(guards(open));
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
        close(all().stream().filter(session -> session.options().shutdownHook()).toList());
    }
}
