package io.securememory.memguard;

import io.securememory.MemoryLimitException;
import io.securememory.PurgeReport;
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
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the guards of one session share: settings, pages within one limit, windows that are lent, the watch for leaks, and
 * one alarm; and all that they hold.
 *
 * <p><b>Guarantees.</b> Refers to no guard, buffer or enclave, and to nothing that owns them: whoever holds a group can
 * purge all of it, and keeps none of them reachable. A session that nobody can reach any more, nor anything that it made, is
 * purged and refused, and its memory given back, unless leak detection is off; then its rekeying ends, and the rest is left
 * to {@link #purge}.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public final class GuardGroup {

    private static final Logger LOG = LoggerFactory.getLogger(MemGuard.class);

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

    private final MemGuardOptions options;
    private final PageSource pages;
    private final WindowPool windows;
    private final LeakWatch leaks;
    private final Rekeyer rekeyer;
    private final List<GuardHolding> members = new CopyOnWriteArrayList<>();
    private final AtomicBoolean unlocked = new AtomicBoolean();
    private volatile boolean refusing;

    /** Ends the watch for the last reference to the session. */
    private volatile Cleaner.@Nullable Cleanable watch;

    GuardGroup(MemGuardOptions options, PageSource pages) {
        this.options = options;
        this.pages = pages;
        this.windows = new WindowPool(pages);
        this.leaks = new LeakWatch(options.leakDetection());
        this.rekeyer = new Rekeyer(options.enclaves().rekeyInterval());
        pages.account().add(this);
    }

    /**
     * Begins to watch what all guards and all that they make refer to. Once.
     *
     * @param owner must not be reachable from this group
     */
    void watch(Object owner) {
        OF_PURGES.forEach(Objects::requireNonNull);
        watch = LibraryCleaner.get().register(owner, this::dropped);
    }

    /** Takes in what a guard holds; it is purged with the others, and refuses if they do. */
    void add(GuardHolding member) {
        members.add(member);
        if (refusing) {
            member.refuse();
        }
    }

    /** Computes in guarded memory, for secrets of every guard in that of the first one. */
    <T> T compute(GuardedRegion source, int size, Computation<T> computation) {
        return members.get(0).vault().compute(source, size, computation);
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

    /** Whether this is the first call: one warning is enough for a session. */
    boolean isFirstUnlocked() {
        return unlocked.compareAndSet(false, true);
    }

    Rekeyer rekeyer() {
        return rekeyer;
    }

    MemGuardOptions options() {
        return options;
    }

    PageSource pages() {
        return pages;
    }

    WindowPool windows() {
        return windows;
    }

    LeakWatch leaks() {
        return leaks;
    }

    /**
     * Returns how long readers of several groups are waited for.
     *
     * @param groups any number
     * @return the longest close timeout of their options, or zero if there are none
     */
    public static Duration longestTimeout(List<GuardGroup> groups) {
        return groups.stream()
                .map(group -> group.options.closeTimeout())
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
     * Purges all that the guards of several groups hold, together: what nobody is reading is wiped in all of them before
     * anyone is waited for. Of those that refuse, everything is given back, also what could not be before.
     *
     * @param groups what to purge
     * @param timeout longest wait for all readers together
     * @return what was wiped
     */
    public static PurgeReport purge(List<GuardGroup> groups, Duration timeout) {
        return Purge.together(
                groups.stream().flatMap(group -> group.members.stream()).toList(), timeout);
    }

    /**
     * Gives up idle windows, for this session or another one. Each vault keeps one window: what it has sealed could not be
     * opened any more, if the memory were somebody else's for good.
     *
     * @param bytes how much is wanted
     * @param lockedOnly whether what is not locked is of no use
     * @return bytes that were given up
     */
    long giveUpWindows(long bytes, boolean lockedOnly) {
        long given = 0;
        for (GuardHolding member : members) {
            Works works = member.vault().present();
            if (works != null && given < bytes) {
                given += works.windows().giveUp(bytes - given, lockedOnly);
            }
        }
        if (given > 0) {
            pages.drain();
        }
        return given;
    }

    /** Called when nobody can reach a guard any more, nor anything that one made: so nobody is inside. */
    private void dropped() {
        if (refusing) {
            return;
        }
        if (options.leakDetection() == LeakDetection.OFF) {
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

    /** Does what the policy says after an overwritten canary was found. No lock of a region may be held. */
    void raiseCanaryAlarm() {
        if (options.canaryPolicy() == CanaryPolicy.THROW) {
            return;
        }
        LOG.error("An overwritten canary was found; everything is purged");
        purge(List.of(this), options.closeTimeout());
        if (options.canaryPolicy() == CanaryPolicy.HALT) {
            Runtime.getRuntime().halt(HALT_STATUS);
        }
    }
}
