package io.securememory.memguard;

import io.securememory.PurgeReport;
import io.securememory.SecretClosedException;
import io.securememory.crypto.StackProbe;
import io.securememory.memcall.MemCall;
import io.securememory.memcall.Protection;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the regions of one {@link MemGuard}, keeps the registry of those that are not released yet, counts, and purges.
 */
final class GuardedMemory {

    private static final Logger LOG = LoggerFactory.getLogger(MemGuard.class);

    /** Fills the data of a region before anyone else can see it. */
    @FunctionalInterface
    interface Filler<E extends Exception> {
        void fill(RegionMemory memory) throws E;
    }

    /** What must succeed before a region is registered. */
    @FunctionalInterface
    private interface Filling<E extends Exception> {
        void run() throws E;
    }

    private final GuardGroup group;
    private final PageSource pages;
    private final Set<GuardedRegion> registry = ConcurrentHashMap.newKeySet();
    private final LongAdder created = new LongAdder();
    private final LongAdder released = new LongAdder();
    private final LongAdder purges = new LongAdder();
    private final LongAdder canaryViolations = new LongAdder();
    private final LongAdder degraded = new LongAdder();
    private final LongAdder liveUnlocked = new LongAdder();
    private volatile boolean closed;

    GuardedMemory(GuardGroup group) {
        this.group = group;
        this.pages = group.pages();
    }

    GuardGroup group() {
        return group;
    }

    MemCall memCall() {
        return pages.memCall();
    }

    PageSource pages() {
        return pages;
    }

    WindowPool windows() {
        return group.windows();
    }

    Duration closeTimeout() {
        return group.options().closeTimeout();
    }

    /**
     * Makes a region, fills it and closes its pages. A failure wipes what was filled in and releases everything.
     */
    <E extends Exception> GuardedRegion create(int size, boolean frozen, Filler<E> filler) throws E {
        StackProbe.touch();
        return create(RegionMemory.allocate(requireOpen(), size), frozen, filler);
    }

    /**
     * Makes a frozen region that an action fills. Nobody else can use it before, but it is registered: an action may take long, and a
     * purge wipes what it has written.
     */
    <E extends Exception> GuardedRegion createFilled(int size, MutableViewConsumer<E> action) throws E {
        StackProbe.touch();
        GuardedRegion region = new GuardedRegion(this, RegionMemory.allocate(requireOpen(), size), false);
        created.increment();
        register(region);
        try {
            requireOpen();
            region.fill(action);
            region.freeze();
            return region;
        } catch (Throwable e) {
            Failures.suppress(e, region::close);
            throw e;
        }
    }

    /** Makes a region of zeros whose pages stay readable and writable, for what is no plaintext at rest. */
    GuardedRegion createKeptOpen(int size) {
        StackProbe.touch();
        return forReading(() -> create(RegionMemory.allocate(requireOpen(), size, true), false, zeros -> {}));
    }

    /**
     * Makes what an access to a secret needs.
     *
     * @throws SecretClosedException if the session was closed meanwhile: that is what who reads a secret expects
     */
    <T> T forReading(Supplier<T> making) {
        try {
            return making.get();
        } catch (IllegalStateException e) {
            throw closed ? new SecretClosedException("The session was closed.") : e;
        }
    }

    private <E extends Exception> GuardedRegion create(RegionMemory memory, boolean frozen, Filler<E> filler) throws E {
        return publish(new GuardedRegion(this, memory, frozen), () -> {
            filler.fill(memory);
            memory.protect(Protection.NO_ACCESS);
        });
    }

    /** Registers a region once it is filled; one whose filling fails is registered for its release only. */
    private <E extends Exception> GuardedRegion publish(GuardedRegion region, Filling<E> filling) throws E {
        created.increment();
        try {
            filling.run();
        } catch (Throwable e) {
            register(region);
            Failures.suppress(e, region::close);
            throw e;
        }
        register(region);
        try {
            requireOpen();
        } catch (RuntimeException e) {
            Failures.suppress(e, region::close);
            throw e;
        }
        return region;
    }

    private void register(GuardedRegion region) {
        registry.add(region);
        if (region.memory().mayBeSwapped()) {
            liveUnlocked.increment();
        }
    }

    /** Called once for a region whose bytes are wiped and whose pages are given back. */
    void unregister(GuardedRegion region) {
        if (registry.remove(region)) {
            released.increment();
            if (region.memory().mayBeSwapped()) {
                liveUnlocked.decrement();
            }
        }
    }

    void canaryViolated() {
        canaryViolations.increment();
    }

    /** Whether memory that is not locked is other than what was asked for. */
    boolean wantsLocks() {
        return pages.budget().policy() != LockPolicy.OFF;
    }

    /** Called for a region whose pages are not locked. */
    void unlocked() {
        if (!wantsLocks()) {
            return;
        }
        degraded.increment();
        if (group.isFirstUnlocked()) {
            long limit = pages.budget().limitBytes();
            LOG.warn(
                    "Memory stays unlocked and may be swapped, as policy best-effort allows: {} bytes are locked, {}. What"
                            + " refuses more is in SecureMemory.protection()",
                    pages.budget().lockedBytes(),
                    limit < 0 ? "there is no limit" : "the limit is " + limit + " bytes");
        }
    }

    /** Takes wiped pages back. */
    void giveBack(GuardedPages wiped) {
        if (closed) {
            pages.discard(wiped);
        } else {
            pages.giveBack(wiped);
        }
    }

    /** Takes the wiped pages of a purge, which ends with {@link PageSource#drainAll()}. */
    void unmapLater(GuardedPages wiped) {
        pages.unmapLater(wiped);
    }

    /** All regions that are not released yet. */
    List<GuardedRegion> regions() {
        return List.copyOf(registry);
    }

    PurgeReport purge(Duration timeout) {
        return beginPurge(Deadline.after(timeout)).finish();
    }

    /** Wipes all that nobody is inside of. The caller finishes the purge. */
    Purge beginPurge(Deadline deadline) {
        purges.increment();
        return new Purge(regions(), pages, windows(), deadline).begin();
    }

    /** As {@link #beginPurge(Deadline)}, of some of the regions. */
    Purge beginPurge(List<GuardedRegion> regions, Deadline deadline) {
        return new Purge(regions, pages, windows(), deadline).begin();
    }

    /** Refuses new regions from now on; idempotent. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    MemGuardStatus status(EnclaveStatus enclaves, GuardedMemory windows) {
        return new MemGuardStatus(
                registry.size(),
                created.sum(),
                released.sum(),
                pages.budget().lockedBytes(),
                pages.budget().limitBytes(),
                pages.account().mappings().count(),
                pages.account().mappings().limit(memCall(), group.options().mappingReserve()),
                pages.idleCount(),
                pages.idleBytes(),
                purges.sum(),
                canaryViolations.sum() + windows.canaryViolations.sum(),
                degraded.sum() + windows.degraded.sum(),
                liveUnlocked.sum() + windows.liveUnlocked.sum(),
                group.leaks().leaked(),
                enclaves);
    }

    /** Returns this, unless it is closed. */
    GuardedMemory requireOpen() {
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
        return this;
    }
}
