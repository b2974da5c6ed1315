package io.securememory.memguard;

/**
 * What one {@link MemGuard} holds. Does not refer to the guard.
 *
 * @param memory the registry of its buffers
 * @param vault the content of its vault
 */
record GuardHolding(RegionRegistry memory, VaultContent vault) {

    /** Refuses new buffers and enclaves from then on. Idempotent. */
    void refuse() {
        memory.close();
        vault.close();
    }
}
