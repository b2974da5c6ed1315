package io.securememory.memguard;

import io.securememory.PurgeReport;
import org.jspecify.annotations.Nullable;

/**
 * A purge of what is sealed in one vault. It begins by destroying the key, for which it waits for nobody, and by
 * purging the windows that are in use at that moment. It finishes when these windows have been left, or at the
 * deadline. If several vaults are purged, all begin before one finishes.
 */
final class VaultPurge {

    /** A purge that has begun. */
    record Begun(OpenVault opened, SealedCount.Snapshot ended, Purge windows) {}

    private final VaultContent vault;
    private final Deadline deadline;
    private final boolean forEver;
    private final @Nullable Begun begun;
    private final long nanoseconds;

    private VaultPurge(VaultContent vault, Deadline deadline) {
        long start = System.nanoTime();
        this.vault = vault;
        this.deadline = deadline;
        this.forEver = vault.isClosed();
        OpenVault opened = vault.present();
        this.begun = opened == null
                ? null
                : new Begun(
                        opened, vault.endKey(opened.coffer()), opened.windows().beginPurge(deadline));
        this.nanoseconds = System.nanoTime() - start;
    }

    /** Makes everything that is sealed unreadable. The vault stays usable, unless it is closed. */
    static VaultPurge begin(VaultContent vault, Deadline deadline) {
        return new VaultPurge(vault, deadline);
    }

    /** Returns how many stays in windows this purge waits for. */
    int stays() {
        Begun purge = begun;
        return purge == null ? 0 : purge.windows().stays();
    }

    /** Wipes what is still open in windows. If the vault is closed, gives back all its memory. */
    PurgeReport finish() {
        Begun purge = begun;
        if (purge == null) {
            return PurgeReport.NOTHING;
        }
        long start = System.nanoTime();
        if (forEver) {
            vault.stopRekeying(purge.opened().coffer(), deadline.rest());
        }
        PurgeReport open = purge.windows().finish();
        SealedCount.Snapshot late = forEver ? vault.release(purge.opened()) : SealedCount.NOTHING;
        int live = purge.ended().live();
        int deferred = Math.min(open.deferred(), live);
        return new PurgeReport(
                live - deferred + late.live(),
                deferred,
                open.failed(),
                purge.ended().bytes() + late.bytes(),
                nanoseconds + System.nanoTime() - start);
    }
}
