package io.securememory.memcall;

import io.securememory.MemoryCallException;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;

/** The pages of this machine, which are larger than 4 KiB on some. */
public final class Pages {

    public static final int SIZE = MemCalls.system().pageSize();

    private Pages() {}

    /** Requires a kernel that has memfd_secret and allows it. */
    public static void needHidden() {
        MemCall memCall = MemCalls.system();
        MemoryRegion region = memCall.allocate(SIZE);
        try {
            memCall.hideFromKernel(region);
        } catch (MemoryCallException e) {
            Assumptions.assumeFalse(
                    Set.of("ENOSYS", "EPERM").contains(e.errnoName()), "this kernel has no memfd_secret: not run");
            throw e;
        } finally {
            memCall.free(region);
        }
    }
}
