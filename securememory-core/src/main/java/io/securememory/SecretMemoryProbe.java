package io.securememory;

import static io.securememory.Log.LOG;

import io.securememory.memcall.MemCall;
import io.securememory.memcall.MemoryRegion;

/** Finds out whether memory that the kernel cannot read is asked for and available. */
final class SecretMemoryProbe {

    private SecretMemoryProbe() {}

    static boolean isUsable(MemCall memCall, Backing backing) {
        if (backing != Backing.MEMFD_SECRET) {
            return false;
        }
        MemoryRegion page = memCall.allocate(memCall.pageSize());
        try {
            memCall.hideFromKernel(page);
            return true;
        } catch (MemoryCallException e) {
            LOG.warn(
                    "memfd_secret cannot be used here; secrets are kept in locked anonymous memory: {}",
                    e.getMessage());
            return false;
        } finally {
            memCall.free(page);
        }
    }
}
