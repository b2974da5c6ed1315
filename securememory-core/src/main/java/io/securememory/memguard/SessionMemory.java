package io.securememory.memguard;

import static io.securememory.memguard.Log.LOG;

import io.securememory.MemoryLimitException;
import io.securememory.PurgeReport;
import io.securememory.crypto.LibCrypto;
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
 * The memory that all guards of one session hold, and the resources that they share.
 *
 * <p><b>Guarantees.</b> Refers to no guard, buffer or enclave, nor to anything that refers to them. So whoever holds
 * this object can purge all of them without keeping one reachable. When a session, and all that it made, is no longer
 * reachable, it is purged, refuses new secrets, and gives back its memory. With leak detection off, only its rekeying
 * ends then, and its memory stays until {@link #purge}.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public final class SessionMemory {

    /** Exit status of a process that was aborted. */
    private static final int HALT_STATUS = 134;

    /** Classes that a purge needs. Loaded early: when a dropped session is found, its class loader may be closed. */
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

    /** A text that is not secret. */
    private static final byte[] KNOWN_TEXT = "a text that everybody may know..".getBytes(StandardCharsets.US_ASCII);

    private final SharedResources shared;
    private final PagePool pages;
    private final List<GuardHolding> members = new CopyOnWriteArrayList<>();
    private volatile boolean refusing;

    /** Ends the watch for a session that was dropped. */
    private volatile Cleaner.@Nullable Cleanable watch;

    SessionMemory(MemGuardOptions options, PagePool pages) {
        this.pages = pages;
        this.shared = new SharedResources(options, pages, new OfAllMembers());
        pages.account().add(shared);
    }

    /** What regions and other sessions need from this session. */
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

        /** Computes in windows of the first guard, for secrets of every guard. */
        @Override
        public <T> T compute(Region source, int size, Computation<T> computation) {
            return members.get(0).vault().compute(source, size, computation);
        }

        @Override
        public @Nullable LibCrypto library() {
            return members.get(0).vault().library();
        }

        /** Each vault keeps one window: if that memory went elsewhere, nothing that it has sealed could be opened. */
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
     * Begins to watch for the session being dropped: for its owner, which all guards and all that they make refer to.
     * To be called once.
     *
     * @param owner must not be reachable from this object
     */
    void watch(Object owner) {
        OF_PURGES.forEach(Objects::requireNonNull);
        Objects.requireNonNull(LOG); // The logger, too, must be loaded before that.
        watch = LibraryCleaner.get().register(owner, this::dropped);
    }

    /** Adds what a guard holds. It is purged with the others, and refuses new secrets if they do. */
    void add(GuardHolding member) {
        members.add(member);
        if (refusing) {
            member.refuse();
        }
    }

    /**
     * Seals a known text with the key of the first guard and opens it again, in the windows of sealed secrets. So it
     * tests all that sealed secrets need. It does not change the counts of secrets made and released.
     *
     * @return true if the opened text is the text that was sealed
     * @throws MemoryLimitException if there is no memory for a window or for the key
     * @throws IllegalStateException if the session is closed
     * @throws io.securememory.SecretClosedException if the session was purged or closed during this call
     */
    public boolean checkSealing() {
        return members.get(0).vault().opensWhatItSeals(KNOWN_TEXT.clone());
    }

    /** Gives up the idle memory of all sessions, as is done when the limit of locked bytes is reached. */
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
     * Returns how long a purge of several sessions waits for readers.
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
     * Tells whether this session still has mapped memory.
     *
     * @return true if pages are mapped: in use, idle, or not unmapped because that failed
     */
    public boolean holdsMemory() {
        return pages.mappedCount() > 0;
    }

    /**
     * Sets an action that runs whenever the last memory of this session was given back, on the thread that gave it
     * back. On Java 17 to 21, pages of lent copies are given back when their buffers have been collected.
     *
     * @param action must not block, nor throw
     */
    public void whenEmptied(Runnable action) {
        pages.whenEmptied(action);
    }

    /**
     * Tells whether {@link #refuse()} was called, by a close or because the session was dropped.
     *
     * @return true if no new secrets can be made
     */
    public boolean isRefusing() {
        return refusing;
    }

    /**
     * Makes all guards refuse new buffers and enclaves, also guards that are made later. Idempotent. Purges nothing.
     */
    public void refuse() {
        refusing = true;
        members.forEach(GuardHolding::refuse);
        Cleaner.Cleanable watching = watch;
        if (watching != null) {
            watching.clean();
        }
    }

    /**
     * Purges several sessions together. Secrets that nobody is reading are wiped in all of them before this waits for
     * any reader. Sessions that refuse new secrets give back all memory, also memory that could not be given back
     * before.
     *
     * @param sessions the sessions to purge
     * @param timeout longest wait for all readers together
     * @return what was wiped
     */
    public static PurgeReport purge(List<SessionMemory> sessions, Duration timeout) {
        return purgeHoldings(
                sessions.stream().flatMap(session -> session.members.stream()).toList(), timeout);
    }

    /**
     * Purges what several guards hold: their buffers, and what is sealed in their vaults. Everything that nobody is
     * inside of is wiped in all of them before this waits for anyone.
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

    /** Called when no guard is reachable any more, nor anything that a guard made. So no thread is inside. */
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
