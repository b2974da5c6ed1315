package io.securememory.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.MemoryLimitException;
import io.securememory.ProtectionReport;
import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.MemoryRegion;
import io.securememory.memcall.PageEvidence;
import io.securememory.memcall.PageEvidence.Finding;
import io.securememory.memcall.PageEvidence.PageProtection;
import io.securememory.memcall.Protection;
import io.securememory.memguard.LockPolicy;
import io.securememory.report.AskedFor.SecretMemory;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtectionProbeTest {

    private static final AskedFor DEFAULTS = new AskedFor(LockPolicy.REQUIRE, false, SecretMemory.NOT_ASKED_FOR);

    private final FaultyMemCall system = new FaultyMemCall(MemCalls.system());

    private static AskedFor asked(LockPolicy policy) {
        return new AskedFor(policy, false, SecretMemory.NOT_ASKED_FOR);
    }

    private ProtectionReport report(AskedFor asked) {
        return report(system, asked);
    }

    private static ProtectionReport report(FaultyMemCall memCall, AskedFor asked) {
        return new ProtectionProbe(memCall, asked, () -> {}).run();
    }

    private static Item item(ProtectionReport report, String name) {
        return report.items().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<Item> failed(ProtectionReport report) {
        return report.items().stream()
                .filter(item -> item.state() == State.FAILED)
                .toList();
    }

    @Test
    void everyReportHasTheSameItems() {
        assertThat(report(DEFAULTS).items())
                .extracting(Item::name)
                .containsExactly(
                        "memory-lock",
                        "dump-exclusion",
                        "fork-exclusion",
                        "guard-pages",
                        "no-access-at-rest",
                        "core-dumps-disabled",
                        "memfd-secret",
                        "ptrace-scope",
                        "swap",
                        "hibernation",
                        "attach",
                        "heap-dump-on-oom",
                        "capabilities");
        assertThat(system.mapped()).isZero();
    }

    @Test
    void aRemedyIsGivenForWhatFailedAndForRisksOnly() {
        assertThat(report(DEFAULTS).items())
                .allSatisfy(item -> assertThat(item.remedy().isEmpty())
                        .as(item.toString())
                        .isEqualTo(item.state() != State.FAILED && item.state() != State.RISK));
    }

    @ParameterizedTest
    @ValueSource(strings = {"lock", "excludeFromDumps", "excludeFromFork"})
    void whatFailedSaysWhatThatMeansAndWhatToDo(String call) {
        system.failEvery(call);

        ProtectionReport report = report(asked(LockPolicy.BEST_EFFORT));

        assertThat(report.isComplete()).isFalse();
        assertThat(failed(report)).singleElement().satisfies(ProtectionProbeTest::says);
        assertThat(system.mapped()).isZero();
    }

    private static void says(Item failed) {
        assertThat(failed.detail()).matches("Not in force: .* secrets?\\b.*\\. .*[.)]");
        assertThat(failed.remedy()).isNotBlank();
        assertThat(failed.detail()).doesNotContain(failed.remedy());
    }

    @Test
    void pagesThatStayAccessibleAreAFailureOfTheGuardsAndOfTheRest() {
        system.failEvery("protect(NO_ACCESS)");

        ProtectionReport report = report(DEFAULTS);

        assertThat(failed(report))
                .allSatisfy(ProtectionProbeTest::says)
                .extracting(Item::name)
                .containsExactly("guard-pages", "no-access-at-rest");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void eachGuardPageCounts(int failing) {
        int first = firstProtection();
        system.failWhere(call -> call == first + failing);
        assertThat(failed(report(DEFAULTS))).extracting(Item::name).containsExactly("guard-pages");
    }

    /** The number of the call that protects the first guard page. */
    private int firstProtection() {
        report(DEFAULTS);
        return system.calls().indexOf("protect(NO_ACCESS)");
    }

    @Test
    void aGuardThatIsOnlyPretendedIsFoundOut() {
        FaultyMemCall pretending = new FaultyMemCall(MemCalls.system()) {
            private int guards;

            @Override
            public void protect(MemoryRegion region, Protection protection) {
                guards++;
                if (guards != 2) {
                    super.protect(region, protection);
                }
            }
        };
        Item guards = item(report(pretending, DEFAULTS), "guard-pages");
        assertThat(guards.state()).isEqualTo(State.FAILED);
        assertThat(guards.detail()).contains("the kernel shows otherwise (its mapping shows rw-p)");
    }

    @Test
    void atTheLockLimitIdleMemoryGivesWay() {
        AtomicBoolean full = new AtomicBoolean(true);
        FaultyMemCall limited = new FaultyMemCall(MemCalls.system()) {
            @Override
            public void lock(MemoryRegion region) {
                if (full.get()) {
                    throw new MemoryLimitException(1, 2, 3, 4);
                }
                super.lock(region);
            }
        };
        ProtectionProbe probe = new ProtectionProbe(limited, DEFAULTS, () -> full.set(false));
        assertThat(item(probe.run(), "memory-lock").state()).isEqualTo(State.ACTIVE);
        ProtectionProbe inVain = new ProtectionProbe(limited, DEFAULTS, () -> full.set(true));
        full.set(true);
        assertThat(item(inVain.run(), "memory-lock").state()).isEqualTo(State.FAILED);
    }

    @Test
    void pagesThatCannotBeMappedLeaveEverythingUntriedAndStillReported() {
        system.failEvery("allocate");

        ProtectionReport report = report(DEFAULTS);

        assertThat(failed(report))
                .extracting(Item::name)
                .containsExactly("memory-lock", "dump-exclusion", "fork-exclusion", "guard-pages", "no-access-at-rest");
        assertThat(report.kernelFlags()).isEmpty();
    }

    @Test
    void pagesThatCannotBeFreedAreNoReasonForNoReport() {
        system.failEvery("free");
        assertThat(report(DEFAULTS).isComplete()).isTrue();
    }

    @Test
    void aLockThatIsRequiredAndRefusedLeavesNoSecretUnlocked() {
        system.failEvery("lock");
        assertThat(item(report(DEFAULTS), "memory-lock").detail())
                .contains("new secrets are refused, or sealed instead, and existing ones stay locked");
        assertThat(item(report(asked(LockPolicy.BEST_EFFORT)), "memory-lock").detail())
                .contains("pages with secrets may be written to swap");
    }

    @ParameterizedTest
    @EnumSource(LockPolicy.class)
    void whereALockNeedsAnAccessTheLockIsKeptAndSaidToBeARisk(LockPolicy policy) {
        FaultyMemCall windows = new FaultyMemCall(MemCalls.system()) {
            @Override
            public boolean locksPagesWithoutAccess() {
                return false;
            }
        };

        ProtectionReport report = report(windows, asked(policy));

        assertThat(report.isComplete()).isTrue();
        assertThat(item(report, "no-access-at-rest").state())
                .isEqualTo(policy == LockPolicy.OFF ? State.ACTIVE : State.RISK);
    }

    @ParameterizedTest
    @EnumSource(LockPolicy.class)
    void noRemedyIsWhatIsSetAlready(LockPolicy policy) {
        Item item = TriedProtection.MEMORY_LOCK.failed(new MemoryLimitException(1, 2, 3, 4), asked(policy));
        assertThat(item.remedy()).contains("--ulimit memlock");
        assertThat(item.remedy().contains("best-effort")).isEqualTo(policy != LockPolicy.BEST_EFFORT);
    }

    @Test
    void pagesThatAreHiddenStayInMemoryWhateverTheKernelShows() {
        Item shown = TriedProtection.MEMORY_LOCK.byHiding(List.of(shown(true)));
        assertThat(shown.detail()).contains("The kernel confirms it");
        Item notShown = TriedProtection.MEMORY_LOCK.byHiding(List.of(shown(false)));
        assertThat(notShown.state()).isEqualTo(State.ACTIVE);
        assertThat(notShown.detail()).contains("this kernel does not show it");
    }

    @ParameterizedTest
    @EnumSource(value = TriedProtection.class, names = "HIDDEN", mode = EnumSource.Mode.EXCLUDE)
    void aCallThatSucceedsIsWorthWhatTheKernelShows(TriedProtection protection) {
        Item confirmed = protection.accepted(List.of(shown(true)));
        assertThat(confirmed.state()).isEqualTo(State.ACTIVE);
        assertThat(confirmed.detail()).endsWith("The kernel confirms it (the proof).");

        Item denied = protection.accepted(List.of(shown(true), shown(false)));
        assertThat(denied.state()).isEqualTo(State.FAILED);
        assertThat(denied.detail()).endsWith("the kernel shows otherwise (the proof).");
        assertThat(denied.remedy()).contains("gVisor");

        Item silent = protection.accepted(List.of(Optional.of(new PageEvidence("", Map.of()))));
        assertThat(silent.state()).isEqualTo(State.ACTIVE);
        assertThat(silent.detail()).contains("cannot be read here");

        Item unknown = protection.accepted(List.of(shown(true), Optional.empty()));
        assertThat(unknown.state()).isEqualTo(State.ACTIVE);
        assertThat(unknown.detail()).contains("cannot be read here");
    }

    /** No flag of the kernel tells hidden pages from others. */
    @Test
    void hiddenPagesAreNotConfirmedByWhatTheKernelShows() {
        assertThat(TriedProtection.HIDDEN.accepted(List.of(shown(true))).detail())
                .contains("cannot be read here");
    }

    private static Optional<PageEvidence> shown(boolean inForce) {
        Map<PageProtection, Finding> findings = new EnumMap<>(PageProtection.class);
        for (PageProtection each : PageProtection.values()) {
            findings.put(each, new Finding(inForce, "the proof"));
        }
        return Optional.of(new PageEvidence("rd wr", findings));
    }

    @Test
    void whereSinglePagesCannotBeKeptOutOfDumpsTheWholeProcessHasTo() {
        FaultyMemCall dumpsAll = dumpsAll();

        Item exposed = item(report(dumpsAll, DEFAULTS), "dump-exclusion");
        assertThat(exposed.state()).isEqualTo(State.FAILED);
        assertThat(exposed.detail()).contains("core dumps of this process contain secrets");
        assertThat(exposed.remedy())
                .contains("securememory.core-dumps=disable-process")
                .contains("DISABLE_PROCESS");

        AskedFor noDumps = new AskedFor(LockPolicy.REQUIRE, true, SecretMemory.NOT_ASKED_FOR);
        Item disabled = dumpExclusion(dumpsAll, noDumps, OtherSystem.MACOS, "true");
        assertThat(disabled.state()).isEqualTo(State.ACTIVE);
        assertThat(disabled.detail()).contains("core dumps of the whole process are disabled");
        Item byTheJvm = dumpExclusion(dumpsAll, noDumps, OtherSystem.WINDOWS, "true");
        assertThat(byTheJvm.state()).isEqualTo(State.FAILED);
        assertThat(byTheJvm.remedy()).contains("core-dumps-disabled");
        assertThat(dumpExclusion(dumpsAll, noDumps, OtherSystem.WINDOWS, "false")
                        .state())
                .isEqualTo(State.ACTIVE);
        assertThat(dumpsAll.calls()).doesNotContain("excludeFromDumps");
    }

    private static Item dumpExclusion(FaultyMemCall memCall, AskedFor asked, OtherSystem system, String jvmDumps) {
        JvmFlags flags = name -> Optional.of(name.equals("CreateCoredumpOnCrash") ? jvmDumps : "false");
        return item(
                new ProtectionProbe(memCall, asked, () -> {}, new OtherMachine(system), flags).run(), "dump-exclusion");
    }

    private static FaultyMemCall dumpsAll() {
        return new FaultyMemCall(MemCalls.system()) {
            @Override
            public boolean excludesFromDumps() {
                return false;
            }
        };
    }

    @ParameterizedTest
    @EnumSource(LockPolicy.class)
    void pagesThatAreAskedToBeHiddenAndCannotBeAreReported(LockPolicy policy) {
        system.failEvery("hideFromKernel");
        Item hidden = item(report(new AskedFor(policy, false, SecretMemory.IN_USE)), "memfd-secret");
        assertThat(hidden.state()).isEqualTo(State.FAILED);
        assertThat(hidden.remedy()).isNotBlank();
        assertThat(hidden.detail())
                .contains(policy == LockPolicy.OFF ? "the lock policy is off" : "existing ones stay hidden and locked");
    }

    @Test
    void aMachineWhoseSettingsCannotBeReadIsReportedAsUnknown() {
        Machine broken = new OtherMachine(OtherSystem.UNKNOWN) {
            @Override
            public Item swap() {
                throw new IllegalStateException("made up");
            }
        };
        ProtectionReport report =
                new ProtectionProbe(system, DEFAULTS, () -> {}, broken, flag -> Optional.empty()).run();
        assertThat(item(report, "swap").state()).isEqualTo(State.UNKNOWN);
        assertThat(item(report, "swap").detail())
                .contains("IllegalStateException")
                .doesNotContain("made up");
        assertThat(item(report, "attach").state()).isEqualTo(State.UNKNOWN);
        assertThat(report.isComplete()).isTrue();
    }

    @Test
    void windowsHasNoForkToTry() {
        system.failEvery("excludeFromFork");
        ProtectionReport report = new ProtectionProbe(
                        system, DEFAULTS, () -> {}, new OtherMachine(OtherSystem.WINDOWS), flag -> Optional.empty())
                .run();
        assertThat(item(report, "fork-exclusion").state()).isEqualTo(State.ACTIVE);
        assertThat(item(report, "fork-exclusion").detail()).contains("has no fork");
    }
}
