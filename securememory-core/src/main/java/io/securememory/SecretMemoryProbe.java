package io.securememory;

import io.securememory.memcall.MemCall;
import io.securememory.memcall.MemoryRegion;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out whether this machine has memory that the kernel cannot read, if it is asked for. */
final class SecretMemoryProbe {

    private static final Logger LOG = LoggerFactory.getLogger(SecureMemory.class);

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
                    "This kernel has no memfd_secret; secrets are kept in locked anonymous memory: {}", e.getMessage());
            return false;
        } finally {
            memCall.free(page);
        }
    }
}
