package io.securememory.memcall;

import io.securememory.memcall.PageEvidence.Finding;
import io.securememory.memcall.PageEvidence.PageProtection;

/** The contract over Windows' functions in Wine, where Linux shows which pages are locked. Windows shows that to nobody. */
abstract class WineMemCallContract extends MemCallContract {

    @Override
    Finding shown(PageProtection protection, MemoryRegion region) {
        return protection == PageProtection.LOCKED
                ? LinuxPageFlags.evidence(((NativeRegion) region).address())
                        .flatMap(page -> page.of(protection))
                        .orElseThrow()
                : super.shown(protection, region);
    }
}
