package io.securememory.memguard;

import static io.securememory.memguard.Log.LOG;

import io.securememory.PurgeReport;
import io.securememory.SecretClosedException;
import io.securememory.crypto.LibCrypto;
import io.securememory.crypto.StackProbe;
import io.securememory.memcall.MemCall;
import io.securememory.memcall.Protection;
import io.securememory.memcall.internal.RawMemory.ScopedBuffer;
import io.securememory.memguard.internal.Computation;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes the regions of one {@link MemGuard}, registers those that are not released yet, counts them, and purges them.
 */
final class RegionRegistry implements RegionOwner {

    /** Fills the data of a region that no other thread can see yet. */
    @FunctionalInterface
    interface Filler<E extends Exception> {
        void fill(RegionData memory) throws E;
    }

    /** A step that must succeed before a region is registered. */
    @FunctionalInterface
    private interface Filling<E extends Exception> {
        void run() throws E;
    }

    private final SharedResources shared;
    private final PagePool pages;
    private final Set<Region> registry = ConcurrentHashMap.newKeySet();
    private final LongAdder created = new LongAdder();
    private final LongAdder released = new LongAdder();
    private final LongAdder purges = new LongAdder();
    private final LongAdder canaryViolations = new LongAdder();
    private final LongAdder degraded = new LongAdder();
    private final LongAdder liveUnlocked = new LongAdder();
    private volatile boolean closed;

    RegionRegistry(SharedResources shared) {
        this.shared = shared;
        this.pages = shared.pages();
    }

    MemCall memCall() {
        return pages.memCall();
    }

    @Override
    public PagePool pages() {
        return pages;
    }

    @Override
    public Duration closeTimeout() {
        return shared.options().closeTimeout();
    }

    @Override
    public void raiseCanaryAlarm() {
        shared.session().raiseCanaryAlarm();
    }

    @Override
    public ScopedBuffer lend(Region region, int from, int length) {
        return shared.lentCopies().lend(region, from, length);
    }

    @Override
    public <T> T compute(Region region, int size, Computation<T> computation) {
        return shared.session().compute(region, size, computation);
    }

    @Override
    public @Nullable LibCrypto library() {
        return shared.session().library();
    }

    /**
     * Makes a region, fills it and sets its pages to NO_ACCESS. A failure wipes what was filled in and releases
     * everything.
     */
    <E extends Exception> Region create(int size, boolean frozen, Filler<E> filler) throws E {
        StackProbe.touch();
        return create(RegionData.allocate(requireOpen(), size), frozen, filler);
    }

    /**
     * Makes a frozen region that an action fills. No other thread can use it before that is done. It is registered
     * before, as the action may take long: so a purge wipes what the action has written.
     */
    <E extends Exception> Region createFilled(int size, MutableViewConsumer<E> action) throws E {
        StackProbe.touch();
        Region region = new Region(this, RegionData.allocate(requireOpen(), size), false);
        created.increment();
        register(region);
        try {
            requireOpen();
            Lease.fill(region, action);
            region.freeze();
            return region;
        } catch (Throwable e) {
            Failures.suppress(e, region::close);
            throw e;
        }
    }

    /**
     * Makes a region of zeros whose pages stay readable and writable, for memory that holds no plaintext between
     * accesses.
     */
    Region createKeptOpen(int size) {
        StackProbe.touch();
        return forReading(() -> create(RegionData.allocate(requireOpen(), size, true), false, zeros -> {}));
    }

    /**
     * Makes memory that an access to a secret needs. Reports a closed session as readers of secrets expect it.
     *
     * @throws SecretClosedException if the session was closed, in place of {@link IllegalStateException}
     */
    <T> T forReading(Supplier<T> making) {
        try {
            return making.get();
        } catch (IllegalStateException e) {
            throw closed ? new SecretClosedException("The session was closed.") : e;
        }
    }

    private <E extends Exception> Region create(RegionData memory, boolean frozen, Filler<E> filler) throws E {
        return publish(new Region(this, memory, frozen), () -> {
            filler.fill(memory);
            memory.protect(Protection.NO_ACCESS);
        });
    }

    /** Fills a region and registers it. If filling fails, it is registered so that its release can be tried again. */
    private <E extends Exception> Region publish(Region region, Filling<E> filling) throws E {
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

    private void register(Region region) {
        registry.add(region);
        if (region.memory().mayBeSwapped()) {
            liveUnlocked.increment();
        }
    }

    @Override
    public void unregister(Region region) {
        if (registry.remove(region)) {
            released.increment();
            if (region.memory().mayBeSwapped()) {
                liveUnlocked.decrement();
            }
        }
    }

    @Override
    public void canaryViolated() {
        canaryViolations.increment();
    }

    @Override
    public void unlocked() {
        if (!pages.wantsLocks()) {
            return;
        }
        degraded.increment();
        if (shared.isFirstUnlocked()) {
            long limit = pages.budget().limitBytes();
            LOG.warn(
                    "Memory stays unlocked and may be swapped, as policy best-effort allows: {} bytes are locked, {}. What"
                            + " refuses more is in SecureMemory.protection()",
                    pages.budget().lockedBytes(),
                    limit < 0 ? "there is no limit" : "the limit is " + limit + " bytes");
        }
    }

    @Override
    public void giveBack(GuardedPages wiped) {
        if (closed) {
            pages.discard(wiped);
        } else {
            pages.giveBack(wiped);
        }
    }

    /** Returns all regions that are not released yet. */
    List<Region> regions() {
        return List.copyOf(registry);
    }

    PurgeReport purge(Duration timeout) {
        return beginPurge(Deadline.after(timeout)).finish();
    }

    /** Begins to purge all regions: wipes those that nobody is inside of. The caller finishes the purge. */
    Purge beginPurge(Deadline deadline) {
        purges.increment();
        return new Purge(regions(), pages, shared.lentCopies(), deadline).begin();
    }

    /** Begins to purge some of the regions: wipes those that nobody is inside of. The caller finishes the purge. */
    Purge beginPurge(List<Region> regions, Deadline deadline) {
        return new Purge(regions, pages, shared.lentCopies(), deadline).begin();
    }

    /** Refuses new regions from then on. Idempotent. */
    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    MemGuardStatus status(EnclaveStatus enclaves, RegionRegistry windows) {
        return new MemGuardStatus(
                registry.size(),
                created.sum(),
                released.sum(),
                pages.budget().lockedBytes(),
                pages.budget().limitBytes(),
                pages.account().mappings().count(),
                pages.account().mappings().limit(memCall(), shared.options().mappingReserve()),
                pages.idleCount(),
                pages.idleBytes(),
                purges.sum(),
                canaryViolations.sum() + windows.canaryViolations.sum(),
                degraded.sum() + windows.degraded.sum(),
                liveUnlocked.sum() + windows.liveUnlocked.sum(),
                shared.leaks().leaked(),
                enclaves);
    }

    /** Returns this, or throws if it is closed. */
    RegionRegistry requireOpen() {
        if (closed) {
            throw new IllegalStateException("the session is closed");
        }
        return this;
    }
}
