package io.securememory.memguard;

/**
 * What one {@link MemGuard} holds, without the guard.
 *
 * @param memory of its buffers
 * @param vault what it has sealed
 */
record GuardHolding(RegionRegistry memory, VaultContent vault) {

    /** Refuses new buffers and new enclaves from now on; idempotent. */
    void refuse() {
        memory.close();
        vault.close();
    }
}
