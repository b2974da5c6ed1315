package io.securememory.memguard;

import io.securememory.PurgeReport;
import org.jspecify.annotations.Nullable;

/**
 * A purge of what is sealed in one vault. It begins with the end of the key, which waits for nobody, and with the windows that
 * somebody has at that moment; it finishes when these have been left, or at the deadline. Where several vaults are purged,
 * all begin before one finishes.
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

    /** Makes everything that is sealed unreadable: for ever if the vault is closed, or else it stays usable. */
    static VaultPurge begin(VaultContent vault, Deadline deadline) {
        return new VaultPurge(vault, deadline);
    }

    /** How many stays in windows are waited for. */
    int stays() {
        Begun purge = begun;
        return purge == null ? 0 : purge.windows().stays();
    }

    /** Wipes what is still open in windows, and gives back all memory if it is for ever. */
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
