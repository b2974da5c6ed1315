package io.securememory.memguard;

import static io.securememory.memguard.Log.LOG;

import io.securememory.MemoryLimitException;
import io.securememory.PurgeReport;
import io.securememory.crypto.StackProbe;
import io.securememory.memcall.internal.LibraryCleaner;
import io.securememory.memguard.ProcessAccount.Step;
import io.securememory.memguard.internal.Computation;
import java.lang.ref.Cleaner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * All that the guards of one session hold, and what they share.
 *
 * <p><b>Guarantees.</b> Refers to no guard, buffer or enclave, and to nothing that owns them: whoever holds this can
 * purge all of it, and keeps none of them reachable. A session that nobody can reach any more, nor anything that it made, is
 * purged and refused, and its memory given back, unless leak detection is off; then its rekeying ends, and the rest is left
 * to {@link #purge}.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public final class SessionMemory {

    /** What a process that was aborted returns. */
    private static final int HALT_STATUS = 134;

    /** Loaded early: when a session that was dropped is found, its class loader may have been closed. */
    private static final List<Class<?>> OF_PURGES = List.of(
            Deadline.class,
            Failures.class,
            Purge.class,
            PurgeOutcome.class,
            PurgeReport.class,
            SealedCount.Snapshot.class,
            VaultPurge.class,
            VaultPurge.Begun.class,
            LentCopy.class);

    /** No secret. */
    private static final byte[] KNOWN_TEXT = "a text that everybody may know..".getBytes(StandardCharsets.US_ASCII);

    private final SharedResources shared;
    private final PagePool pages;
    private final List<GuardHolding> members = new CopyOnWriteArrayList<>();
    private volatile boolean refusing;

    /** Ends the watch for the last reference to the session. */
    private volatile Cleaner.@Nullable Cleanable watch;

    SessionMemory(MemGuardOptions options, PagePool pages) {
        this.pages = pages;
        this.shared = new SharedResources(options, pages, new OfAllMembers());
        pages.account().add(shared);
    }

    /** What regions and other sessions ask of this one. */
    private final class OfAllMembers implements SharedResources.Session {

        @Override
        public void raiseCanaryAlarm() {
            if (options().canaryPolicy() == CanaryPolicy.THROW) {
                return;
            }
            LOG.error("An overwritten canary was found; everything is purged");
            purge(List.of(SessionMemory.this), options().closeTimeout());
            if (options().canaryPolicy() == CanaryPolicy.HALT) {
                Runtime.getRuntime().halt(HALT_STATUS);
            }
        }

        /** For secrets of every guard in windows of the first one. */
        @Override
        public <T> T compute(Region source, int size, Computation<T> computation) {
            return members.get(0).vault().compute(source, size, computation);
        }

        /** Each vault keeps one window: what it has sealed could not be opened any more, if the memory were somebody else's. */
        @Override
        public long giveUpWindows(long bytes, boolean lockedOnly) {
            long given = 0;
            for (GuardHolding member : members) {
                OpenVault opened = member.vault().present();
                if (opened != null && given < bytes) {
                    given += opened.windows().giveUp(bytes - given, lockedOnly);
                }
            }
            if (given > 0) {
                pages.drain();
            }
            return given;
        }
    }

    /**
     * Begins to watch what all guards and all that they make refer to. Once.
     *
     * @param owner must not be reachable from this session
     */
    void watch(Object owner) {
        OF_PURGES.forEach(Objects::requireNonNull);
        Objects.requireNonNull(LOG); // As what logs then needs to be there, too.
        watch = LibraryCleaner.get().register(owner, this::dropped);
    }

    /** Takes in what a guard holds; it is purged with the others, and refuses if they do. */
    void add(GuardHolding member) {
        members.add(member);
        if (refusing) {
            member.refuse();
        }
    }

    /**
     * Seals a known text with the key of the first guard and opens it again, in the windows that sealed secrets are opened into.
     * A test of all that sealed secrets need, which counts as nothing that was made or released.
     *
     * @return whether what was opened is what was sealed
     * @throws MemoryLimitException if there is no window and no memory for one, or none for the key
     * @throws IllegalStateException if the session is closed
     * @throws io.securememory.SecretClosedException if a purge or close came meanwhile
     */
    public boolean checkSealing() {
        return members.get(0).vault().opensWhatItSeals(KNOWN_TEXT.clone());
    }

    /** Has the idle memory of all sessions give way, as for pages at the limit of locked bytes. */
    public void makeIdleGiveWay() {
        for (Step step : Step.values()) {
            pages.account().giveWay(step, pages, pages.memCall().pageSize(), true);
        }
    }

    SharedResources shared() {
        return shared;
    }

    private MemGuardOptions options() {
        return shared.options();
    }

    /**
     * Returns how long readers of several sessions are waited for.
     *
     * @param sessions any number
     * @return the longest close timeout of their options, or zero if there are none
     */
    public static Duration longestTimeout(List<SessionMemory> sessions) {
        return sessions.stream()
                .map(session -> session.options().closeTimeout())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    /**
     * Tells whether anything is left to give back.
     *
     * @return whether pages are mapped: those in use, idle ones, and those that could not be unmapped
     */
    public boolean holdsMemory() {
        return pages.mappedCount() > 0;
    }

    /**
     * Runs an action whenever nothing is left to give back, on the thread that gave back the last of it: buffers that were lent
     * before Java 22 keep their memory until they are collected.
     *
     * @param action must not block, nor throw
     */
    public void whenEmptied(Runnable action) {
        pages.whenEmptied(action);
    }

    /**
     * Tells whether {@link #refuse()} was called, also on behalf of a session that was dropped.
     *
     * @return true if nothing new can be made
     */
    public boolean isRefusing() {
        return refusing;
    }

    /** Refuses new buffers and new enclaves of all guards, also of those that are made later. Idempotent. Purges nothing. */
    public void refuse() {
        refusing = true;
        members.forEach(GuardHolding::refuse);
        Cleaner.Cleanable watching = watch;
        if (watching != null) {
            watching.clean();
        }
    }

    /**
     * Purges all that the guards of several sessions hold, together: what nobody is reading is wiped in all of them before
     * anyone is waited for. Of those that refuse, everything is given back, also what could not be before.
     *
     * @param sessions what to purge
     * @param timeout longest wait for all readers together
     * @return what was wiped
     */
    public static PurgeReport purge(List<SessionMemory> sessions, Duration timeout) {
        return purgeHoldings(
                sessions.stream().flatMap(session -> session.members.stream()).toList(), timeout);
    }

    /**
     * Purges what several guards hold: their memories, and in between what is sealed in their vaults. Whatever nobody is
     * inside of is gone from all of them before anyone is waited for.
     */
    static PurgeReport purgeHoldings(List<GuardHolding> holdings, Duration timeout) {
        StackProbe.touch();
        Deadline deadline = Deadline.after(timeout);
        List<Purge> begun = holdings.stream()
                .map(holding -> holding.memory().beginPurge(deadline))
                .toList();
        PurgeReport report = PurgeReport.NOTHING;
        try {
            List<VaultPurge> keys = holdings.stream()
                    .map(holding -> VaultPurge.begin(holding.vault(), deadline))
                    .toList();
            deadline.giveUpWhen(() -> ExitingReaders.areAllOf(
                    begun.stream().mapToInt(Purge::stays).sum()
                            + keys.stream().mapToInt(VaultPurge::stays).sum()));
            for (VaultPurge ended : keys) {
                report = report.plus(ended.finish());
            }
        } finally {
            for (Purge purge : begun) {
                report = report.plus(purge.finish());
            }
            holdings.forEach(holding -> holding.vault().wipeComputations());
        }
        return report;
    }

    /** Called when nobody can reach a guard any more, nor anything that one made: so nobody is inside. */
    private void dropped() {
        if (refusing) {
            return;
        }
        if (options().leakDetection() == LeakDetection.OFF) {
            members.forEach(member -> member.vault().stopRekeying());
            return;
        }
        refuse();
        if (!holdsMemory()) {
            return;
        }
        try {
            PurgeReport report = purge(List.of(this), Duration.ZERO);
            LOG.warn(
                    "A session was dropped without being closed; {} secrets and buffers of it were wiped, {} failed, and"
                            + " its memory was given back. Close it, for example with try-with-resources, or in Spring as a bean.",
                    report.wiped(),
                    report.failed());
        } catch (RuntimeException | Error e) {
            LOG.error("A session that was dropped without being closed could not be purged", e);
        }
    }
}
