package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.MemoryLimitException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What differs between macOS and the BSDs. Over a simulation of their calls. */
class BsdMemCallTest {

    static Stream<Arguments> systems() {
        return Stream.of(
                Arguments.of(BsdSystem.MACOS, false),
                Arguments.of(BsdSystem.FREEBSD, true),
                Arguments.of(BsdSystem.OPENBSD, true),
                Arguments.of(BsdSystem.NETBSD, false));
    }

    @ParameterizedTest
    @MethodSource("systems")
    void aSystemSaysWhetherItKeepsPagesOutOfDumps(BsdSystem system, boolean excludes) {
        MemCall memCall = new BsdMemCall(new SimulatedBsd(new JnaLibC(), system), system);
        MemoryRegion region = memCall.allocate(1);
        try {
            memCall.excludeFromDumps(region);

            assertThat(memCall.excludesFromDumps()).isEqualTo(excludes);
            assertThat(MemCalls.kernelFlags(region).orElseThrow().contains("dd"))
                    .isEqualTo(excludes);
        } finally {
            memCall.free(region);
        }
    }

    @Test
    void theLimitOfMacosIsTheSmallerOfTwo() {
        SimulatedBsd macos = new SimulatedBsd(new JnaLibC(), BsdSystem.MACOS);
        MemCall memCall = new BsdMemCall(macos, BsdSystem.MACOS);
        long ofTheProcess = memCall.lockLimit().softBytes();

        macos.wireLimit = 40960;

        assertThat(memCall.lockLimit().softBytes()).isEqualTo(40960);
        macos.wireLimit = Long.MAX_VALUE;
        assertThat(memCall.lockLimit().softBytes())
                .isEqualTo(ofTheProcess == MemoryLockLimit.UNLIMITED ? Long.MAX_VALUE : ofTheProcess);
    }

    @Test
    void overTheLimitOfMacosTheRemedyIsMacosOwnAndNothingStaysLocked() {
        SimulatedBsd macos = new SimulatedBsd(new JnaLibC(), BsdSystem.MACOS);
        MemCall memCall = new BsdMemCall(macos, BsdSystem.MACOS);
        int page = memCall.pageSize();
        macos.wireLimit = 2L * page;
        MemoryRegion region = memCall.allocate(4L * page);
        try {
            memCall.lock(region.slice(page, page)); // So that the whole region is locked in two pieces.

            assertThatExceptionOfType(MemoryLimitException.class)
                    .isThrownBy(() -> memCall.lock(region))
                    .satisfies(e -> assertThat(e.errno()).isEqualTo(35))
                    .satisfies(e -> assertThat(e.limitBytes()).isEqualTo(2L * page))
                    .satisfies(e -> assertThat(e.remedy())
                            .contains("vm.user_wire_limit")
                            .doesNotContain("Docker"));

            assertThat(MemCalls.kernelFlags(region).orElseThrow()).doesNotContain("lo");
            assertThat(MemCalls.kernelFlags(region.slice(page, page)).orElseThrow())
                    .contains("lo");
        } finally {
            memCall.free(region);
        }
    }

    @Test
    void settingThatTheKernelDoesNotTellIsNoLimit() {
        LibC libC = new SimulatedBsd(new JnaLibC(), BsdSystem.MACOS);

        assertThat(new KernelSetting(libC, (int) libC.sysconf(29), "vm.other").read())
                .isEqualTo(-1);
    }
}
