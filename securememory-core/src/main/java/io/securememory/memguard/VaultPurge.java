package io.securememory.memguard;

import io.securememory.PurgeReport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A purge of what is sealed in one vault. It begins with the end of the key, which waits for nobody, and finishes with the
 * windows, which waits for those who are inside. Where several vaults are purged, all begin before one finishes.
 */
final class VaultPurge {

    private final Vault vault;
    private final boolean forEver;
    private final @Nullable Works works;
    private final SealedCount.@Nullable Snapshot ended;
    private final long nanoseconds;

    private VaultPurge(Vault vault, boolean forEver, @Nullable Works works) {
        long start = System.nanoTime();
        this.vault = vault;
        this.forEver = forEver;
        this.works = works;
        this.ended = works == null ? null : vault.endKey(works.coffer());
        this.nanoseconds = System.nanoTime() - start;
    }

    /** Makes everything that is sealed unreadable. The vault stays usable. */
    static VaultPurge begin(Vault vault) {
        return new VaultPurge(vault, false, vault.present());
    }

    /** As {@link #begin(Vault)}, of a vault that seals nothing from now on. */
    static VaultPurge beginForEver(Vault vault) {
        return new VaultPurge(vault, true, vault.refuse());
    }

    /** Wipes what is open in windows, and gives back all memory if it is for ever. */
    PurgeReport finish(Duration timeout) {
        if (works == null || ended == null) {
            return PurgeReport.NOTHING;
        }
        long start = System.nanoTime();
        if (forEver) {
            vault.stopRekeying(works.coffer(), timeout);
        }
        PurgeReport open = works.windows().purge(timeout);
        if (forEver) {
            vault.release(works);
        }
        int deferred = Math.min(open.deferred(), ended.live());
        return new PurgeReport(
                ended.live() - deferred,
                deferred,
                open.failed(),
                ended.bytes(),
                nanoseconds + System.nanoTime() - start);
    }
}
