package io.securememory.memcall;

import io.securememory.memcall.PageEvidence.Finding;
import io.securememory.memcall.PageEvidence.PageProtection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the kernel's list of mappings shows about the access to pages. It is quicker than the list with all flags, for
 * which the kernel looks at every page of the process. Source: proc_pid_maps(5).
 */
final class MappingAccess {

    private static final Path MAPPINGS = Path.of("/proc/self/maps");

    private MappingAccess() {}

    /** Returns the lines of the list; none if this operating system has no such list or it cannot be read. */
    static List<String> mappings() {
        try {
            return Files.readAllLines(MAPPINGS, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Finds the mapping that contains an address. A line is for example {@code 7f00-7f01 rw-p 0000 00:00 0}. */
    static Optional<PageEvidence> evidence(List<String> mappings, long address) {
        for (String line : mappings) {
            String[] fields = line.split(" ", 3);
            int dash = fields[0].indexOf('-');
            if (dash > 0 && fields.length > 1 && isInside(address, fields[0], dash)) {
                return Optional.of(evidence(fields[1]));
            }
        }
        return Optional.empty();
    }

    private static boolean isInside(long address, String range, int dash) {
        return Long.compareUnsigned(address, Long.parseUnsignedLong(range.substring(0, dash), 16)) >= 0
                && Long.compareUnsigned(address, Long.parseUnsignedLong(range.substring(dash + 1), 16)) < 0;
    }

    private static PageEvidence evidence(String access) {
        boolean none = access.startsWith("---");
        String proof = "its mapping shows " + access;
        return new PageEvidence(access, Map.of(PageProtection.NO_ACCESS, new Finding(none, proof)));
    }
}
