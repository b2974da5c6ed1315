package io.securememory.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import io.securememory.testing.OnEverySystem;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of real machines and of containers, in which files are missing. */
@OnEverySystem
class LinuxMachineTest {

    private static final String NO_SWAP = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority";
    private static final String PARTITION = NO_SWAP + "\n/dev/nvme0n1p3\t\tpartition\t16777212\t0\t-2";
    private static final String FILE = NO_SWAP + "\n/swap.img\t\tfile\t\t4194300\t\t12\t\t-2";
    private static final String ZRAM = NO_SWAP + "\n/dev/zram0                              partition\t8388604\t0\t100";
    private static final String MAPPED = NO_SWAP + "\n/dev/dm-1 partition\t8388604\t0\t-2";

    /** Of a service of a desktop: root's, with all capabilities; some lines left out. */
    private static final String ROOT =
            "Name:\tjava\nUid:\t0\t0\t0\t0\nCapPrm:\t000001ffffffffff\nCapEff:\t000001ffffffffff";

    private static final String EVERYWHERE = "         0          0 4294967295";
    private static final String ROOTLESS = "         0       1000          1\n         1     100000      65536";

    private final Map<String, String> texts = new HashMap<>();

    private final Machine machine = new LinuxMachine(new KernelFiles() {
        @Override
        public Optional<String> text(String path) {
            return Optional.ofNullable(texts.get(path)).map(String::strip);
        }

        @Override
        public boolean exists(String path) {
            return texts.keySet().stream().anyMatch(one -> one.equals(path) || one.startsWith(path + "/"));
        }
    });

    private static void isLike(Item item, State state, String text) {
        assertThat(item.state()).as(item.toString()).isEqualTo(state);
        assertThat(item.detail()).contains(text);
        assertThat(item.remedy().isEmpty()).as(item.toString()).isEqualTo(state != State.RISK && state != State.FAILED);
        assertThat(item.detail().startsWith("In force: ")).as(item.toString()).isEqualTo(state == State.ACTIVE);
    }

    @ParameterizedTest
    @CsvSource({
        "0, RISK, Every process of the same user",
        "1, ACTIVE, only the processes that started this one",
        "2, ACTIVE, only root",
        "3, ACTIVE, not even root",
        "4, UNKNOWN, does not know",
        "'', UNKNOWN, does not know"
    })
    void yamaSaysWhoMayReadTheMemory(String scope, State state, String text) {
        texts.put("/proc/sys/kernel/yama/ptrace_scope", scope);
        isLike(machine.debuggers(), state, text);
    }

    @Test
    void withoutYamaEveryProcessOfTheUserMayReadTheMemory() {
        texts.put("/proc/sys/kernel/osrelease", "6.1.0");
        isLike(machine.debuggers(), State.RISK, "has no rule");
    }

    @Test
    void aScopeThatMayNotBeReadIsUnknown() {
        isLike(machine.debuggers(), State.UNKNOWN, "cannot be read");
        texts.put("/proc/sys/kernel/yama/other", "");
        isLike(machine.debuggers(), State.UNKNOWN, "cannot be read");
    }

    @Test
    void swapThatIsOffIsNoRisk() {
        texts.put("/proc/swaps", NO_SWAP);
        isLike(machine.swap(), State.OFF, "Swap is off");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PARTITION,
                FILE,
                MAPPED,
                ZRAM + "\n/swap.img file 1 0 -2",
                NO_SWAP + "\n/dev/zramdisk/x file 1 0 -2"
            })
    void swapIsARiskUnlessItIsKnownToBeNone(String swaps) {
        texts.put("/proc/swaps", swaps);
        isLike(machine.swap(), State.RISK, "may be written to a disk");
    }

    @Test
    void compressedMemoryIsNoDisk() {
        texts.put("/proc/swaps", ZRAM);
        isLike(machine.swap(), State.OFF, "compressed memory only");
        texts.put("/sys/block/zram0/backing_dev", "none");
        isLike(machine.swap(), State.OFF, "compressed memory only");
        texts.put("/sys/block/zram0/backing_dev", "/dev/sda3");
        isLike(machine.swap(), State.RISK, "may be written to a disk");
    }

    @Test
    void aMappedDeviceTellsWhetherItIsEncrypted() {
        texts.put("/proc/swaps", MAPPED);
        texts.put("/sys/block/dm-1/dm/uuid", "LVM-2vJqvxG0");
        isLike(machine.swap(), State.RISK, "not known to be encrypted");
        texts.put("/sys/block/dm-1/dm/uuid", "CRYPT-PLAIN-swap");
        isLike(machine.swap(), State.ACTIVE, "encrypted");
    }

    @Test
    void swapThatCannotBeReadIsUnknown() {
        isLike(machine.swap(), State.UNKNOWN, "/proc/swaps cannot be read");
    }

    @ParameterizedTest
    @CsvSource({
        "0::/, /sys/fs/cgroup/memory.swap.max",
        "0::/kubepods.slice/pod1/app, /sys/fs/cgroup/kubepods.slice/pod1/app/memory.swap.max",
        "0::/kubepods.slice/pod1/app, /sys/fs/cgroup/kubepods.slice/memory.swap.max",
        "0::/a/b, /sys/fs/cgroup/memory.swap.max"
    })
    void aContainerMayBeForbiddenToUseSwap(String group, String limit) {
        texts.put("/proc/swaps", PARTITION);
        texts.put("/proc/self/cgroup", "1:name=systemd:/x\n" + group);
        isLike(machine.swap(), State.RISK, "may be written");
        texts.put(limit, "max");
        isLike(machine.swap(), State.RISK, "may be written");
        texts.put(limit, "0");
        isLike(machine.swap(), State.OFF, "control group");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0::/../other", "9:memory:/docker/1", ""})
    void aGroupThatCannotBeSeenForbidsNothing(String group) {
        texts.put("/proc/swaps", PARTITION);
        texts.put("/proc/self/cgroup", group);
        texts.put("/sys/fs/cgroup/memory.swap.max", "0");
        isLike(machine.swap(), State.RISK, "may be written");
    }

    @ParameterizedTest
    @ValueSource(strings = {"freeze mem", "", "standby", "disks"})
    void aMachineWithoutTheStateDiskCannotHibernate(String states) {
        texts.put("/sys/power/state", states);
        texts.put("/proc/swaps", PARTITION);
        isLike(machine.hibernation(false), State.OFF, "cannot hibernate");
    }

    @Test
    void hibernationWritesAllMemoryToSwap() {
        texts.put("/sys/power/state", "freeze mem disk");
        isLike(machine.hibernation(false), State.UNKNOWN, "/proc/swaps cannot be read");
        texts.put("/proc/swaps", NO_SWAP);
        isLike(machine.hibernation(false), State.OFF, "no swap on a disk");
        texts.put("/proc/swaps", ZRAM);
        isLike(machine.hibernation(false), State.OFF, "no swap on a disk");
        texts.put("/proc/swaps", PARTITION);
        texts.put("/sys/power/disk", "[platform] shutdown reboot suspend test_resume");
        isLike(machine.hibernation(false), State.RISK, "locked pages included");
        isLike(machine.hibernation(true), State.ACTIVE, "memfd_secret");
        texts.put("/sys/power/disk", "[disabled]");
        isLike(machine.hibernation(false), State.OFF, "cannot hibernate");
    }

    /** What a container may use does not matter for the image of the whole machine. */
    @Test
    void hibernationDoesNotCareForTheLimitOfAContainer() {
        texts.put("/sys/power/state", "mem disk");
        texts.put("/proc/swaps", FILE);
        texts.put("/proc/self/cgroup", "0::/");
        texts.put("/sys/fs/cgroup/memory.swap.max", "0");
        isLike(machine.hibernation(false), State.RISK, "locked pages included");
    }

    @Test
    void hibernationToEncryptedSwapIsNoRisk() {
        texts.put("/sys/power/state", "mem disk");
        texts.put("/proc/swaps", MAPPED);
        texts.put("/sys/block/dm-1/dm/uuid", "CRYPT-LUKS2-0123-swap");
        isLike(machine.hibernation(false), State.ACTIVE, "encrypted swap");
    }

    @Test
    void withoutTheFilesOfPowerHibernationIsUnknown() {
        isLike(machine.hibernation(false), State.UNKNOWN, "/sys/power/state cannot be read");
    }

    @ParameterizedTest
    @CsvSource({
        // Docker's defaults for a user, and for root
        "1000, 0000000000000000, all, OFF, not root",
        "0, 00000000a80425fb, all, RISK, runs as root.",
        "0, 000001ffffffffff, rootless, RISK, root of a user namespace",
        "1000, 0000000000080000, all, RISK, CAP_SYS_PTRACE",
        "1000, 0000000000004000, all, OFF, without limit",
        "1000, 0000000000004000, rootless, OFF, does not count in a user namespace",
        "4294967294, ffffffffffffffff, all, RISK, without limit"
    })
    void rightsThatHelpAnAttackerAreRisks(String user, String mask, String users, State state, String text) {
        texts.put("/proc/self/status", "Name:\tjava\nUid:\t1\t" + user + "\t1\t1\nCapEff:\t" + mask + "\nCapBnd:\t0");
        texts.put("/proc/self/uid_map", users.equals("all") ? EVERYWHERE : ROOTLESS);
        isLike(machine.privileges(), state, text);
    }

    @Test
    void withoutAMapOfUsersRightsAreThoseOfTheMachine() {
        texts.put("/proc/self/status", ROOT);
        isLike(machine.privileges(), State.RISK, "runs as root.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Uid:\t0\t0\t0\t0",
                "CapEff:\t0",
                "Uid:\t0\nCapEff:\t0",
                "Uid:\tx\tx\nCapEff:\t0",
                "Uid:\t0\t0\nCapEff:\tx",
                "Uid:\t0\t0\nCapEff:"
            })
    void aStatusThatLacksThemLeavesRightsUnknown(String status) {
        texts.put("/proc/self/status", status);
        isLike(machine.privileges(), State.UNKNOWN, "Not known which rights");
    }

    @Test
    void withoutAStatusRightsAreUnknown() {
        isLike(machine.privileges(), State.UNKNOWN, "/proc/self/status cannot be read");
    }

    @Test
    void coreDumpsThatAreHandedOnInSpiteOfTheLimitAreAFailure() {
        String zero = "Limit                     Soft Limit           Hard Limit           Units\n"
                + "Max core file size        0                    0                    bytes\n";
        isLike(machine.coreDumpsDisabled(), State.UNKNOWN, "/proc/self/limits cannot be read");
        texts.put("/proc/self/limits", zero);
        isLike(machine.coreDumpsDisabled(), State.UNKNOWN, "core_pattern cannot be read");
        texts.put("/proc/sys/kernel/core_pattern", "core.%p");
        isLike(machine.coreDumpsDisabled(), State.ACTIVE, "neither written nor handed");
        texts.put("/proc/sys/kernel/core_pattern", "|/usr/lib/systemd/systemd-coredump %P %u %g %s %t %c %h %d");
        isLike(machine.coreDumpsDisabled(), State.FAILED, "hands core dumps to a program");
        texts.put("/proc/self/limits", zero.replace("0                    0", "1                    unlimited"));
        isLike(machine.coreDumpsDisabled(), State.ACTIVE, "neither written nor handed");
        texts.put("/proc/sys/kernel/core_pattern", "@/run/systemd/coredump");
        isLike(machine.coreDumpsDisabled(), State.FAILED, "hands core dumps to a socket");
    }

    @ParameterizedTest
    @ValueSource(strings = {"core.%p", "|/usr/lib/systemd/systemd-coredump %P"})
    void aLimitOfCoreDumpsThatWasRaisedAgainIsNoLimit(String pattern) {
        texts.put("/proc/sys/kernel/core_pattern", pattern);
        texts.put("/proc/self/limits", "Max core file size        unlimited            unlimited            bytes");
        isLike(machine.coreDumpsDisabled(), State.FAILED, "was raised again");
        texts.put("/proc/self/limits", "Max core file size        4096                 unlimited            bytes");
        isLike(machine.coreDumpsDisabled(), State.FAILED, "was raised again");
    }

    @Test
    void whetherPagesCanBeHiddenIsSeenWithoutTryingIt() {
        assertThat(machine.secretMemory()).contains("not shown here");
        texts.put("/sys/module/kernel/parameters/panic", "0");
        assertThat(machine.secretMemory()).contains("has no such memory");
        texts.put("/sys/module/secretmem/parameters/enable", "Y");
        assertThat(machine.secretMemory()).contains("has such memory").contains("cannot hibernate");
    }

    @Test
    void nothingIsKnownOfAProtectionThatCanBeTried() {
        assertThat(TriedProtection.values())
                .allSatisfy(each -> assertThat(machine.known(each)).isEmpty());
    }
}
