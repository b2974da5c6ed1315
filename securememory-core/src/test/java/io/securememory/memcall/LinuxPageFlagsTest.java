package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memcall.PageEvidence.Finding;
import io.securememory.memcall.PageEvidence.PageProtection;
import io.securememory.testing.OnEverySystem;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the flags of a page tell of its protections. */
@OnEverySystem
class LinuxPageFlagsTest {

    @ParameterizedTest
    @CsvSource({
        "LOCKED,       mr mw lo,  true,  VmFlags has lo",
        "LOCKED,       mr mw,     false, VmFlags lacks lo",
        "OUT_OF_DUMPS, mr dd,     true,  VmFlags has dd",
        "OUT_OF_DUMPS, rd wr,     false, VmFlags lacks dd",
        "OUT_OF_FORKS, mr wf,     true,  VmFlags has wf",
        "OUT_OF_FORKS, mr dc,     true,  VmFlags has dc",
        "OUT_OF_FORKS, mr mw,     false, VmFlags lacks wf and dc",
        "NO_ACCESS,    mr mw,     true,  VmFlags has neither rd nor wr",
        "NO_ACCESS,    rd wr,     false, VmFlags has rd and wr",
        "NO_ACCESS,    rd mr,     false, VmFlags has rd"
    })
    void eachProtectionHasFlagsThatTellOfIt(PageProtection protection, String flags, boolean inForce, String proof) {
        assertThat(LinuxPageFlags.evidence(Set.of(flags.split(" "))).of(protection))
                .contains(new Finding(inForce, proof));
    }

    @Test
    void somethingIsToldOfEveryProtection() {
        assertThat(LinuxPageFlags.evidence(Set.of("mr")).findings()).containsOnlyKeys(PageProtection.values());
    }
}
