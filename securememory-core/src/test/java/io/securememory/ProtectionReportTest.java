package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.MemoryRegion;
import io.securememory.memcall.PageEvidence;
import io.securememory.memcall.PageEvidence.Finding;
import io.securememory.memcall.PageEvidence.PageProtection;
import io.securememory.memguard.LockPolicy;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtectionReportTest {

    private final FaultyMemCall system = new FaultyMemCall(MemCalls.system());

    private ProtectionReport report(LockPolicy policy) {
        return new ProtectionProbe(
                        system, SecureMemoryOptions.builder().lockPolicy(policy).build(), () -> {})
                .run();
    }

    private static Item item(ProtectionReport report, String name) {
        return report.items().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lock", "excludeFromDumps", "excludeFromFork", "protect(NO_ACCESS)"})
    void whatFailedSaysWhatThatMeansAndWhatToDo(String call) {
        system.failEvery(call);

        ProtectionReport report = report(LockPolicy.BEST_EFFORT);

        assertThat(report.isComplete()).isFalse();
        List<Item> failed = report.items().stream()
                .filter(item -> item.state() == State.FAILED)
                .toList();
        assertThat(failed).hasSize(1);
        assertThat(failed.get(0).detail()).matches("Not in force: .* secrets?\\b.*\\. .*[.)]");
        assertThat(failed.get(0).remedy()).isNotBlank();
        assertThat(failed.get(0).detail()).doesNotContain(failed.get(0).remedy());
        assertThat(system.mapped()).isZero();
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
        ProtectionProbe probe =
                new ProtectionProbe(limited, SecureMemoryOptions.builder().build(), () -> full.set(false));
        assertThat(item(probe.run(), "memory-lock").state()).isEqualTo(State.ACTIVE);
        ProtectionProbe inVain =
                new ProtectionProbe(limited, SecureMemoryOptions.builder().build(), () -> full.set(true));
        full.set(true);
        assertThat(item(inVain.run(), "memory-lock").state()).isEqualTo(State.FAILED);
    }

    @Test
    void whatIsIdleInASessionIsGivenUpForTheReport() {
        AtomicBoolean full = new AtomicBoolean();
        FaultyMemCall limited = new FaultyMemCall(MemCalls.system()) {
            @Override
            public void lock(MemoryRegion region) {
                if (full.get()) {
                    throw new MemoryLimitException(1, 2, 3, 4);
                }
                super.lock(region);
            }

            @Override
            public void free(MemoryRegion region) {
                full.set(false);
                super.free(region);
            }
        };
        try (SecureMemory session =
                SecureMemory.create(SecureMemoryOptions.builder().build(), limited)) {
            session.secrets(Storage.PROTECTED).createRandom(1).close();
            assertThat(session.status().idleBytes()).isPositive();
            full.set(true);
            assertThat(item(session.protection(), "memory-lock").state()).isEqualTo(State.ACTIVE);
        }
    }

    @Test
    void aPageThatCannotBeMappedLeavesEverythingUntriedAndStillReported() {
        system.failEvery("allocate");

        ProtectionReport report = report(LockPolicy.REQUIRE);

        assertThat(report.items())
                .extracting(Item::state)
                .containsExactly(State.FAILED, State.FAILED, State.FAILED, State.FAILED, State.OFF);
        assertThat(report.kernelFlags()).isEmpty();
    }

    @Test
    void aLockThatIsRequiredAndRefusedLeavesNoSecretUnlocked() {
        system.failEvery("lock");
        assertThat(item(report(LockPolicy.REQUIRE), "memory-lock").detail())
                .contains("new secrets are refused, or sealed instead, and existing ones stay locked");
        assertThat(item(report(LockPolicy.BEST_EFFORT), "memory-lock").detail())
                .contains("pages with secrets may be written to swap");
    }

    @ParameterizedTest
    @EnumSource(LockPolicy.class)
    void noRemedyIsWhatIsSetAlready(LockPolicy policy) {
        Item item = TriedProtection.MEMORY_LOCK.failed(new MemoryLimitException(1, 2, 3, 4), policy);
        assertThat(item.remedy()).contains("--ulimit memlock");
        assertThat(item.remedy().contains("best-effort")).isEqualTo(policy != LockPolicy.BEST_EFFORT);
    }

    @ParameterizedTest
    @EnumSource(TriedProtection.class)
    void aCallThatSucceedsIsWorthWhatTheKernelShows(TriedProtection protection) {
        Item confirmed = protection.accepted(shown(true));
        assertThat(confirmed.state()).isEqualTo(State.ACTIVE);
        assertThat(confirmed.detail()).endsWith("The kernel confirms it (the proof).");

        Item denied = protection.accepted(shown(false));
        assertThat(denied.state()).isEqualTo(State.FAILED);
        assertThat(denied.detail()).endsWith("the kernel shows otherwise (the proof).");
        assertThat(denied.remedy()).contains("gVisor");

        Item silent = protection.accepted(Optional.of(new PageEvidence("", Map.of())));
        assertThat(silent.state()).isEqualTo(State.ACTIVE);
        assertThat(silent.detail()).contains("cannot be read here");

        Item unknown = protection.accepted(Optional.empty());
        assertThat(unknown.state()).isEqualTo(State.ACTIVE);
        assertThat(unknown.detail()).contains("cannot be read here");
    }

    private static Optional<PageEvidence> shown(boolean inForce) {
        Map<PageProtection, Finding> findings = new EnumMap<>(PageProtection.class);
        for (PageProtection each : PageProtection.values()) {
            findings.put(each, new Finding(inForce, "the proof"));
        }
        return Optional.of(new PageEvidence("rd wr", findings));
    }

    @Test
    void theKernelsFlagsAreShownOnceAndInNoSentence() {
        try (SecureMemory session = SecureMemory.create()) {
            ProtectionReport report = session.protection();
            assertThat(report.kernelFlags()).contains("lo").contains("dd");
            assertThat(report.items())
                    .allSatisfy(item -> assertThat(item.detail()).doesNotContain(report.kernelFlags()));
        }
    }
}
