package io.securememory.memcall;

import io.securememory.memcall.PageEvidence.Finding;
import io.securememory.memcall.PageEvidence.PageProtection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Derives the protections of pages from the flags in the VmFlags line of proc_pid_smaps(5). */
final class LinuxPageFlags {

    private LinuxPageFlags() {}

    /** Reads the flags of the mapping that holds an address; empty if the kernel does not show them. */
    static Optional<PageEvidence> evidence(long address) {
        return LinuxProcess.mappingFlags(address).map(LinuxPageFlags::evidence);
    }

    static PageEvidence evidence(Set<String> flags) {
        Map<PageProtection, Finding> findings = new EnumMap<>(PageProtection.class);
        findings.put(PageProtection.LOCKED, anyOf(flags, "lo"));
        findings.put(PageProtection.OUT_OF_DUMPS, anyOf(flags, "dd"));
        findings.put(PageProtection.OUT_OF_FORKS, anyOf(flags, "wf", "dc"));
        findings.put(PageProtection.NO_ACCESS, noneOf(flags, "rd", "wr"));
        return new PageEvidence(String.join(" ", flags), findings);
    }

    private static Finding anyOf(Set<String> flags, String... telling) {
        List<String> found = found(flags, telling);
        return found.isEmpty()
                ? new Finding(false, "VmFlags lacks " + String.join(" and ", telling))
                : new Finding(true, "VmFlags has " + found.get(0));
    }

    private static Finding noneOf(Set<String> flags, String... telling) {
        List<String> found = found(flags, telling);
        return found.isEmpty()
                ? new Finding(true, "VmFlags has neither " + String.join(" nor ", telling))
                : new Finding(false, "VmFlags has " + String.join(" and ", found));
    }

    private static List<String> found(Set<String> flags, String... telling) {
        return List.of(telling).stream().filter(flags::contains).toList();
    }
}
