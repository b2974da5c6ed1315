package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.MemoryLimitException;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.MemoryLockLimit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LockBudgetTest {

    private final AtomicLong systemLimit = new AtomicLong(10_000);
    private final MemCall memCall = new FaultyMemCall(MemCalls.system()) {
        @Override
        public MemoryLockLimit lockLimit() {
            return new MemoryLockLimit(systemLimit.get(), -1, false);
        }
    };

    @Test
    void smallerOfBothLimitsCounts() {
        assertThat(new LockBudget(memCall, LockPolicy.REQUIRE, -1).limitBytes()).isEqualTo(10_000);
        assertThat(new LockBudget(memCall, LockPolicy.REQUIRE, 7_000).limitBytes())
                .isEqualTo(7_000);
        assertThat(new LockBudget(memCall, LockPolicy.REQUIRE, 20_000).limitBytes())
                .isEqualTo(10_000);
        systemLimit.set(MemoryLockLimit.UNLIMITED);
        assertThat(new LockBudget(memCall, LockPolicy.REQUIRE, 7_000).limitBytes())
                .isEqualTo(7_000);
        assertThat(new LockBudget(memCall, LockPolicy.REQUIRE, -1).limitBytes()).isEqualTo(-1);
    }

    @Test
    void reservationsAddUpToExactlyTheLimit() {
        LockBudget budget = new LockBudget(memCall, LockPolicy.REQUIRE, -1);

        assertThat(budget.reserve(6_000)).isTrue();
        assertThat(budget.reserve(4_000)).isTrue();
        assertThat(budget.lockedBytes()).isEqualTo(10_000);
        assertThatExceptionOfType(MemoryLimitException.class)
                .isThrownBy(() -> budget.reserve(1))
                .satisfies(e -> {
                    assertThat(e.requestedBytes()).isEqualTo(1);
                    assertThat(e.lockedBytes()).isEqualTo(10_000);
                    assertThat(e.limitBytes()).isEqualTo(10_000);
                    assertThat(e.errno()).isZero();
                    assertThat(e.remedy()).contains("Kubernetes");
                });
        assertThat(budget.lockedBytes()).isEqualTo(10_000);
        budget.release(4_000);
        assertThat(budget.lockedBytes()).isEqualTo(6_000);
        assertThat(budget.reserve(3_999)).isTrue();
    }

    @Test
    void limitThatIsRaisedMeanwhileIsNoticed() {
        LockBudget budget = new LockBudget(memCall, LockPolicy.REQUIRE, -1);
        budget.reserve(10_000);
        systemLimit.set(12_000);

        assertThat(budget.reserve(2_000)).isTrue();
        assertThatExceptionOfType(MemoryLimitException.class).isThrownBy(() -> budget.reserve(1));
    }

    @Test
    void bestEffortReservesWhatFitsAndForgoesTheRest() {
        LockBudget budget = new LockBudget(memCall, LockPolicy.BEST_EFFORT, -1);

        assertThat(budget.reserve(10_001)).isFalse();
        assertThat(budget.lockedBytes()).isZero();
        assertThat(budget.reserve(10_000)).isTrue();
        assertThat(budget.policy()).isEqualTo(LockPolicy.BEST_EFFORT);
    }

    @Test
    void policyOffReservesNothing() {
        LockBudget budget = new LockBudget(memCall, LockPolicy.OFF, -1);

        assertThat(budget.reserve(1)).isFalse();
        assertThat(budget.lockedBytes()).isZero();
    }

    @Test
    void unlimitedIsNeverRefused() {
        systemLimit.set(MemoryLockLimit.UNLIMITED);
        LockBudget budget = new LockBudget(memCall, LockPolicy.REQUIRE, -1);

        assertThat(budget.reserve(Long.MAX_VALUE / 2)).isTrue();
        assertThat(budget.reserve(1)).isTrue();
    }
}
