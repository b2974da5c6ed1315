package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memcall.PageEvidence.Finding;
import io.securememory.memcall.PageEvidence.PageProtection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MappingAccessTest {

    private static final List<String> MAPPINGS = List.of(
            "00400000-00452000 r-xp 00000000 08:02 173521      /usr/bin/a program",
            "7f0000001000-7f0000002000 ---p 00000000 00:00 0 ",
            "7f0000002000-7f0000003000 rw-s 00000000 00:00 0",
            "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]",
            "not a mapping",
            "");

    private static Optional<Finding> finding(String address) {
        return MappingAccess.evidence(MAPPINGS, Long.parseUnsignedLong(address, 16))
                .flatMap(evidence -> evidence.of(PageProtection.NO_ACCESS));
    }

    @ParameterizedTest
    @CsvSource({
        "00400000, false, r-xp",
        "7f0000001000, true, ---p",
        "7f0000001fff, true, ---p",
        "7f0000002000, false, rw-s",
        "ffffffffff600fff, false, --xp"
    })
    void theMappingWithTheAddressShowsTheAccess(String address, boolean none, String access) {
        assertThat(finding(address)).contains(new Finding(none, "its mapping shows " + access));
    }

    @ParameterizedTest
    @CsvSource({"0", "00452000", "7f0000003000", "ffffffffffffffff"})
    void whatIsNotMappedShowsNothing(String address) {
        assertThat(finding(address)).isEmpty();
    }

    @Test
    void thePagesOfThisProcessAreFound() {
        MemCall system = MemCalls.system();
        int page = system.pageSize();
        MemoryRegion region = system.allocate(2L * page);
        try {
            MemoryRegion second = region.slice(page, page);
            system.protect(second, Protection.NO_ACCESS);
            assertThat(MemCalls.accessEvidence(List.of(region, second)))
                    .extracting(evidence -> evidence.orElseThrow().flags())
                    .containsExactly("rw-p", "---p");
        } finally {
            system.free(region);
        }
    }
}
