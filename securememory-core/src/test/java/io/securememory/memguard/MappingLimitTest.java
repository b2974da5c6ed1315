package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.securememory.MemoryCallException;
import io.securememory.MemoryLimitException;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Mappings are a budget of the process, of which room is left for the virtual machine. */
class MappingLimitTest {

    private static final byte[] BYTES = LockedBufferContract.pattern(100);

    /** Three mappings for each region, beside those of others. */
    private static final class FewMappings extends FaultyMemCall {
        private long limit = 120;
        private long others = 40;
        private int counted;

        FewMappings() {
            super(MemCalls.system());
        }

        @Override
        public long mappingLimit() {
            return limit;
        }

        @Override
        public long mappings() {
            counted++;
            return others + 3L * mapped();
        }
    }

    private final FewMappings process = new FewMappings();
    private final List<MemGuard> guards = new ArrayList<>();

    private MemGuard guard(MemGuardOptions options) {
        MemGuard guard = MemGuard.create(
                process,
                options.withLeakDetection(LeakDetection.OFF)
                        .withEnclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ZERO)));
        guards.add(guard);
        return guard;
    }

    @AfterEach
    void nothingIsMapped() {
        guards.forEach(MemGuard::shutDown);
        assertThat(process.mapped()).isZero();
    }

    private static List<LockedBuffer> fill(MemGuard guard) {
        List<LockedBuffer> buffers = new ArrayList<>();
        while (true) {
            try {
                buffers.add(guard.moveFrom(BYTES.clone()));
            } catch (MemoryLimitException e) {
                assertThat(e.kind()).isEqualTo(MemoryLimitException.Kind.MAPPINGS);
                return buffers;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(LockPolicy.class)
    void noPolicyMapsWhatIsKeptForTheVirtualMachine(LockPolicy policy) {
        MemGuard guard = guard(MemGuardOptions.DEFAULTS.withLockPolicy(policy));

        List<LockedBuffer> buffers = fill(guard);

        assertThat(buffers).hasSize((120 - 20 - 40) / 3);
        assertThat(buffers).allMatch(buffer -> buffer.contentEquals(BYTES));
        assertThat(guard.status().mappings()).isEqualTo(100);
        assertThat(guard.status().mappingLimit()).isEqualTo(100);
    }

    @Test
    void refusalNamesTheSettingBothFiguresAndTheRemedy() {
        MemGuard guard = guard(MemGuardOptions.DEFAULTS);
        fill(guard);

        assertThatExceptionOfType(MemoryLimitException.class)
                .isThrownBy(() -> guard.allocate(1))
                .withMessageContainingAll("100 mappings", "vm.max_map_count is 120", "20 of these", "sysctl", "sealed")
                .satisfies(e -> {
                    assertThat(e.mappings()).isEqualTo(100);
                    assertThat(e.mappingLimit()).isEqualTo(120);
                    assertThat(e.lockedBytes()).isEqualTo(-1);
                    assertThat(e.limitBytes()).isEqualTo(-1);
                    assertThat(e.remedy()).contains("vm.max_map_count");
                });
    }

    @Test
    void sessionsShareTheMappingsAndWhatIsIdleInOneGivesWay() {
        MemGuard first = guard(MemGuardOptions.DEFAULTS);
        MemGuard second = guard(MemGuardOptions.DEFAULTS);
        List<LockedBuffer> ofFirst = fill(first);
        assertThatExceptionOfType(MemoryLimitException.class).isThrownBy(() -> second.allocate(1));
        ofFirst.subList(0, 3).forEach(LockedBuffer::close); // Each counts as one mapping less for certain.
        assertThat(first.status().idleRegions()).isEqualTo(3);

        LockedBuffer buffer = second.allocate(1);

        assertThat(buffer.isAlive()).isTrue();
        assertThat(first.status().idleRegions()).isZero();
    }

    @Test
    void whatOthersMapIsSeenAtTheBound() {
        MemGuard guard = guard(MemGuardOptions.DEFAULTS);
        List<LockedBuffer> buffers = fill(guard);
        process.others = 100;
        buffers.subList(0, 10).forEach(LockedBuffer::close);
        guard.purge();

        assertThatExceptionOfType(MemoryLimitException.class).isThrownBy(() -> fillExactly(guard, 10));
    }

    private static void fillExactly(MemGuard guard, int count) {
        for (int i = 0; i < count; i++) {
            guard.allocate(1);
        }
    }

    @Test
    void mappingsAreCountedSeldom() {
        process.limit = 1 << 16;
        process.others = 20_000;
        MemGuard guard = guard(MemGuardOptions.DEFAULTS.withMaxIdle(0));
        for (int i = 0; i < 20_000; i++) {
            guard.allocate(1).close();
        }

        assertThat(process.counted).isBetween(1, 3);
    }

    @Test
    void reserveIsAnOption() {
        MemGuard guard = guard(MemGuardOptions.DEFAULTS.withMappingReserve(50));

        assertThat(fill(guard)).hasSize((120 - 50 - 40) / 3);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemGuardOptions.DEFAULTS.withMappingReserve(-2))
                .withMessageContaining("mappingReserve is -2");
    }

    @Test
    void unknownLimitIsNone() {
        process.limit = -1;
        MemGuard guard = guard(MemGuardOptions.DEFAULTS);

        fillExactly(guard, 100);

        assertThat(guard.status().mappingLimit()).isEqualTo(-1);
        assertThat(guard.status().mappings()).isEqualTo(300);
    }

    @Test
    void callsThatFailTakeNoMappings() {
        process.others = 0;
        MemGuard guard = guard(MemGuardOptions.DEFAULTS.withMaxIdle(0));
        for (int i = 0; i < 7; i++) {
            int number = i;
            process.failWhere(call -> call == number);
            try {
                guard.allocate(1);
            } catch (MemoryCallException e) {
                assertThat(e).hasMessageContaining("Injected");
            }
            guard.purge();
        }
        process.failWhere(call -> false);
        guard.purge();
        assertThat(process.mapped()).isZero();

        assertThat(fill(guard)).hasSize((120 - 20) / 3);
    }
}
