package io.securememory.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import io.securememory.testing.OnEverySystem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@OnEverySystem
class MachinesTest {

    @ParameterizedTest
    @CsvSource({
        "Linux, ''",
        "linux, ''",
        "Mac OS X, macOS always has swap",
        "Windows 11, Windows has a paging file",
        "Windows Server 2025, Windows has a paging file",
        "FreeBSD, Swap of FreeBSD",
        "OpenBSD, OpenBSD encrypts swap",
        "NetBSD, There may be swap",
        "SunOS, There may be swap",
        "AIX, There may be swap",
        "'', There may be swap"
    })
    void theNameOfTheSystemChooses(String osName, String swap) {
        Machine machine = Machines.of(osName, new SystemFiles());
        assertThat(machine instanceof LinuxMachine).isEqualTo(swap.isEmpty());
        if (!swap.isEmpty()) {
            assertThat(machine.swap().detail()).startsWith(swap);
        }
    }

    @ParameterizedTest
    @EnumSource(OtherSystem.class)
    void whatIsNotCheckedIsUnknownAndSaysSo(OtherSystem system) {
        Machine machine = new OtherMachine(system);
        List<Item> items =
                List.of(machine.debuggers(), machine.swap(), machine.hibernation(false), machine.privileges());
        assertThat(items).extracting(Item::state).containsOnly(State.UNKNOWN);
        assertThat(items).extracting(Item::detail).allMatch(detail -> detail.matches(".*([Nn]ot checked|Not known).*"));
        assertThat(machine.coreDumpsDisabled().state()).isEqualTo(State.ACTIVE);
        assertThat(machine.secretMemory()).contains("Only Linux");
    }

    @Test
    void onlyWindowsHasNoFork() {
        for (OtherSystem system : OtherSystem.values()) {
            for (TriedProtection each : TriedProtection.values()) {
                assertThat(new OtherMachine(system).known(each).isPresent())
                        .isEqualTo(system == OtherSystem.WINDOWS && each == TriedProtection.FORK_EXCLUSION);
            }
        }
    }

    /** So that no later row is hidden by an earlier one. */
    @ParameterizedTest
    @CsvSource({"Mac OS X, MACOS", "Darwin, UNKNOWN", "Windows 10, WINDOWS", "OpenBSD, OPENBSD", "FreeBSD, FREEBSD"})
    void everyRowIsFound(String osName, OtherSystem system) {
        assertThat(OtherSystem.of(osName)).isEqualTo(system);
    }
}
