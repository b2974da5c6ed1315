package io.securememory.memcall;

import io.securememory.memcall.PageEvidence.Finding;
import io.securememory.memcall.PageEvidence.PageProtection;
import java.util.Map;
import java.util.Optional;

/** What VirtualQuery tells about a page: its access, and nothing about its lock. */
final class WindowsPageFacts {

    private WindowsPageFacts() {}

    static Optional<PageEvidence> evidence(NativeMemory memory, long address) {
        int protection = memory instanceof WindowsApi api ? new Kernel32(api).protectionOf(address) : 0;
        if (protection == 0) {
            return Optional.empty();
        }
        String name = switch (protection) {
            case Kernel32.PAGE_NOACCESS -> "PAGE_NOACCESS";
            case Kernel32.PAGE_READONLY -> "PAGE_READONLY";
            case Kernel32.PAGE_READWRITE -> "PAGE_READWRITE";
            default -> "protection 0x" + Integer.toHexString(protection);
        };
        Finding access = new Finding(protection == Kernel32.PAGE_NOACCESS, "VirtualQuery says " + name);
        return Optional.of(new PageEvidence(name, Map.of(PageProtection.NO_ACCESS, access)));
    }
}
