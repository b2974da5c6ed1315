package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import io.securememory.SecureMemoryOptions.Builder;
import io.securememory.SecureMemoryOptions.CoreDumps;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.MemoryRegion;
import io.securememory.memguard.LockPolicy;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The report of a session: that it asks for what the options ask for. */
class ProtectionReportTest {

    private static Item item(ProtectionReport report, String name) {
        return report.items().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ProtectionReport report(Builder options, FaultyMemCall system) {
        try (SecureMemory session = SecureMemory.create(options.build(), system)) {
            return session.protection();
        }
    }

    private static FaultyMemCall system() {
        return new FaultyMemCall(MemCalls.system());
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
    void theKernelsFlagsAreShownOnceAndInNoSentence() {
        try (SecureMemory session = SecureMemory.create()) {
            ProtectionReport report = session.protection();
            assertThat(report.kernelFlags()).contains("lo").contains("dd");
            assertThat(report.items())
                    .allSatisfy(item -> assertThat(item.detail()).doesNotContain(report.kernelFlags()));
        }
    }

    @Test
    void onlyAFailedProtectionMakesAReportIncomplete() {
        List<Item> harmless = Arrays.stream(State.values())
                .filter(state -> state != State.FAILED)
                .map(state -> new Item("made-up", state, "", ""))
                .toList();
        assertThat(new ProtectionReport(harmless, "").isComplete()).isTrue();
        assertThat(new ProtectionReport(List.of(new Item("made-up", State.FAILED, "", "")), "").isComplete())
                .isFalse();
    }

    @Test
    void theLockPolicyIsThatOfTheOptions() {
        assertThat(item(report(SecureMemoryOptions.builder().lockPolicy(LockPolicy.OFF), system()), "memory-lock")
                        .state())
                .isEqualTo(State.OFF);
        assertThat(item(report(SecureMemoryOptions.builder(), system()), "memory-lock")
                        .state())
                .isEqualTo(State.ACTIVE);
    }

    @ParameterizedTest
    @EnumSource(CoreDumps.class)
    void coreDumpsOfTheProcessAreAskedForInTheOptions(CoreDumps coreDumps) {
        Item item = item(report(SecureMemoryOptions.builder().coreDumps(coreDumps), system()), "core-dumps-disabled");
        assertThat(item.state() == State.OFF).isEqualTo(coreDumps == CoreDumps.EXCLUDE_REGIONS);
    }

    @Test
    void memoryThatTheSystemRefusedToHideIsReportedAsFailed() {
        FaultyMemCall refusing = system();
        refusing.failEvery("hideFromKernel");
        Item item = item(report(SecureMemoryOptions.builder().backing(Backing.MEMFD_SECRET), refusing), "memfd-secret");
        assertThat(item.state()).isEqualTo(State.FAILED);
        assertThat(item.detail()).contains("root can read").contains("when the session was opened");
    }

    @Test
    void memoryThatIsHiddenIsTriedHidden() {
        FaultyMemCall system = system();
        try (SecureMemory session = SecureMemory.create(
                SecureMemoryOptions.builder().backing(Backing.MEMFD_SECRET).build(), system)) {
            assumeThat(session.status().backing()).isEqualTo("memfd-secret");
            system.failWhere(call -> false);
            ProtectionReport report = session.protection();
            assertThat(item(report, "memfd-secret").state()).isEqualTo(State.ACTIVE);
            assertThat(item(report, "hibernation").detail()).contains("cannot hibernate while there are secrets");
            assertThat(item(report, "memory-lock").state()).isEqualTo(State.ACTIVE);
            assertThat(system.calls()).contains("hideFromKernel").doesNotContain("lock", "excludeFromDumps");
        }
    }

    @Test
    void memoryIsNotHiddenForAReportUnasked() {
        FaultyMemCall system = system();
        assertThat(item(report(SecureMemoryOptions.builder(), system), "memfd-secret")
                        .state())
                .isEqualTo(State.OFF);
        assertThat(system.calls()).doesNotContain("hideFromKernel");
    }
}
