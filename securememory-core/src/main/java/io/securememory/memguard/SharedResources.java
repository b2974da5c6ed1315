package io.securememory.memguard;

import io.securememory.crypto.LibCrypto;
import io.securememory.memguard.internal.Computation;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What the guards of one session share: settings, the pool of pages, lent copies, leak detection and rekeying. Refers
 * to what the guards hold through {@link Session} only.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
final class SharedResources implements ProcessAccount.Member {

    /** What the shared resources need from the session. */
    interface Session {
        /** Does what the canary policy says after an overwritten canary was found. */
        void raiseCanaryAlarm();

        /** Runs a computation, in guarded memory, on bytes of a region that the current thread is inside of. */
        <T> T compute(Region source, int size, Computation<T> computation);

        /** Returns the library that the session computes with, or null. */
        @Nullable
        LibCrypto library();

        /** See {@link ProcessAccount.Member#giveUpWindows}. */
        long giveUpWindows(long bytes, boolean lockedOnly);
    }

    private final MemGuardOptions options;
    private final PagePool pages;
    private final Session session;
    private final LentCopies lentCopies;
    private final LeakWatch leaks;
    private final Rekeyer rekeyer;
    private final AtomicBoolean unlocked = new AtomicBoolean();

    SharedResources(MemGuardOptions options, PagePool pages, Session session) {
        this.options = options;
        this.pages = pages;
        this.session = session;
        this.lentCopies = new LentCopies(pages);
        this.leaks = new LeakWatch(options.leakDetection());
        this.rekeyer = new Rekeyer(options.enclaves().rekeyInterval());
    }

    MemGuardOptions options() {
        return options;
    }

    @Override
    public PagePool pages() {
        return pages;
    }

    Session session() {
        return session;
    }

    LentCopies lentCopies() {
        return lentCopies;
    }

    LeakWatch leaks() {
        return leaks;
    }

    Rekeyer rekeyer() {
        return rekeyer;
    }

    /** Whether this is the first call: one warning is enough for a session. */
    boolean isFirstUnlocked() {
        return unlocked.compareAndSet(false, true);
    }

    @Override
    public long giveUpWindows(long bytes, boolean lockedOnly) {
        return session.giveUpWindows(bytes, lockedOnly);
    }
}
