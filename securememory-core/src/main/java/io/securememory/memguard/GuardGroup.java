package io.securememory.memguard;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the guards of one session share: settings, pages within one limit, the watch for leaks, and one alarm. */
final class GuardGroup {

    private static final Logger LOG = LoggerFactory.getLogger(MemGuard.class);

    /** What a process that was aborted returns. */
    private static final int HALT_STATUS = 134;

    @SuppressWarnings("unused") // Being referred to is what it is for.
    private final Object owner;

    private final MemGuardOptions options;
    private final PageSource pages;
    private final LeakWatch leaks;
    private final Rekeyer rekeyer;
    private final List<MemGuard> members = new CopyOnWriteArrayList<>();

    /** Whose windows are for computing with secrets of every guard: the first one's. */
    private @Nullable Vault vault;

    GuardGroup(MemGuardOptions options, PageSource pages, Object owner) {
        this.owner = owner;
        this.options = options;
        this.pages = pages;
        this.leaks = new LeakWatch(options.leakDetection());
        this.rekeyer = new Rekeyer(options.enclaves().rekeyInterval());
    }

    /** Takes a guard in, which is purged when an overwritten canary is found. */
    void add(MemGuard member, Vault itsVault) {
        if (vault == null) {
            vault = itsVault;
        }
        members.add(member);
    }

    Vault vault() {
        return Objects.requireNonNull(vault);
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

    LeakWatch leaks() {
        return leaks;
    }

    /** Does what the policy says after an overwritten canary was found. No lock of a region may be held. */
    void raiseCanaryAlarm() {
        if (options.canaryPolicy() == CanaryPolicy.THROW) {
            return;
        }
        LOG.error("An overwritten canary was found; everything is purged");
        MemGuard.purge(List.copyOf(members), options.closeTimeout());
        if (options.canaryPolicy() == CanaryPolicy.HALT) {
            Runtime.getRuntime().halt(HALT_STATUS);
        }
    }
}
