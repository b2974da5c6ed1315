package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.MemoryCallException;
import io.securememory.MemoryLimitException;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.Pages;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PagePoolTest {

    private static final int PAGE = Pages.SIZE;

    private final FaultyMemCall memCall = new FaultyMemCall(MemCalls.system());

    private PagePool source(LockPolicy policy, long limit, int maxIdle) {
        return new PagePool(
                memCall, new LockBudget(memCall, policy, limit), MemGuardOptions.DEFAULTS.withMaxIdle(maxIdle));
    }

    @AfterEach
    void nothingIsMapped() {
        assertThat(memCall.mapped()).isZero();
    }

    @Test
    void pagesAreReusedBySizeAndCountedWhileIdle() {
        PagePool source = source(LockPolicy.REQUIRE, -1, 2);
        GuardedPages small = source.take(PAGE);
        GuardedPages large = source.take(2 * PAGE);
        assertThat(source.idleCount()).isZero();
        source.giveBack(small);
        source.giveBack(large);

        assertThat(source.idleCount()).isEqualTo(2);
        assertThat(source.idleBytes()).isEqualTo(3 * PAGE);
        assertThat(source.budget().lockedBytes()).isEqualTo(3 * PAGE);
        assertThat(source.take(2 * PAGE)).isSameAs(large);
        assertThat(source.idleBytes()).isEqualTo(PAGE);
        assertThat(source.take(PAGE)).isSameAs(small);
        assertThat(source.idleBytes()).isZero();
        assertThat(source.idleCount()).isZero();
        source.discard(small);
        source.discard(large);
        assertThat(source.budget().lockedBytes()).isZero();
    }

    @Test
    void pagesBeyondTheBoundAreUnmapped() {
        PagePool source = source(LockPolicy.REQUIRE, -1, 1);
        GuardedPages first = source.take(PAGE);
        GuardedPages second = source.take(PAGE);
        source.giveBack(first);
        source.giveBack(second);

        assertThat(source.idleCount()).isEqualTo(1);
        assertThat(memCall.mapped()).isEqualTo(1);
        assertThat(source.drain()).isEqualTo(1);
        assertThat(source.drain()).isZero();
        assertThat(source.idleBytes()).isZero();
        assertThat(source.budget().lockedBytes()).isZero();
    }

    @Test
    void unlockedPagesOfPolicyBestEffortAreNotKept() {
        PagePool source = source(LockPolicy.BEST_EFFORT, 0, 8);
        GuardedPages pages = source.take(PAGE);
        assertThat(pages.isLocked()).isFalse();
        source.giveBack(pages);

        assertThat(source.idleCount()).isZero();
        assertThat(memCall.mapped()).isZero();
    }

    @Test
    void pagesOfPolicyOffAreKept() {
        PagePool source = source(LockPolicy.OFF, -1, 8);
        source.giveBack(source.take(PAGE));

        assertThat(source.idleCount()).isEqualTo(1);
        assertThat(source.budget().lockedBytes()).isZero();
        assertThat(source.drain()).isEqualTo(1);
    }

    @Test
    void refusedLockIsForgoneByBestEffortAndThrownByRequire() {
        memCall.failEvery("lock");
        PagePool tolerant = source(LockPolicy.BEST_EFFORT, -1, 8);
        GuardedPages pages = tolerant.take(PAGE);
        assertThat(pages.isLocked()).isFalse();
        assertThat(tolerant.budget().lockedBytes()).isZero();
        tolerant.discard(pages);

        PagePool strict = source(LockPolicy.REQUIRE, -1, 8);
        assertThatExceptionOfType(MemoryCallException.class).isThrownBy(() -> strict.take(PAGE));
        assertThat(strict.budget().lockedBytes()).isZero();
    }

    @Test
    void idlePagesGiveWayAtTheLimitAndTheRestIsRefused() {
        PagePool source = source(LockPolicy.REQUIRE, 2 * PAGE, 8);
        source.giveBack(source.take(PAGE));

        GuardedPages large = source.take(2 * PAGE);
        assertThat(source.idleCount()).isZero();
        assertThatExceptionOfType(MemoryLimitException.class).isThrownBy(() -> source.take(PAGE));
        source.discard(large);
    }

    @Test
    void pagesThatCannotBeUnmappedStayCountedUntilADrainSucceeds() {
        PagePool source = source(LockPolicy.REQUIRE, -1, 8);
        GuardedPages pages = source.take(PAGE);
        memCall.failWhere(call -> true);
        Failures failures = new Failures();
        source.abandon(failures, pages);

        assertThat(failures.first()).isInstanceOf(MemoryCallException.class);
        assertThat(source.budget().lockedBytes()).isEqualTo(PAGE);
        assertThat(source.drain()).isZero();
        memCall.failWhere(call -> false);
        assertThat(source.drain()).isEqualTo(1);
        assertThat(source.budget().lockedBytes()).isZero();
    }

    @Test
    void pagesToUnmapLaterStayCountedAndGiveWayAtTheLimit() {
        PagePool source = source(LockPolicy.REQUIRE, 2 * PAGE, 8);
        source.unmapLater(source.take(PAGE));
        source.unmapLater(source.take(PAGE));
        assertThat(source.budget().lockedBytes()).isEqualTo(2 * PAGE);
        assertThat(source.idleCount()).isZero();

        GuardedPages next = source.take(2 * PAGE);

        assertThat(memCall.mapped()).isEqualTo(1);
        source.discard(next);
    }

    @Test
    void pagesToUnmapLaterGiveWayAlsoWhereTheLockIsNotRequired() {
        PagePool source = source(LockPolicy.BEST_EFFORT, 2 * PAGE, 8);
        source.unmapLater(source.take(PAGE));
        source.unmapLater(source.take(PAGE));

        GuardedPages next = source.take(2 * PAGE);
        GuardedPages beyond = source.take(PAGE);

        assertThat(next.isLocked()).isTrue();
        assertThat(beyond.isLocked()).as("nothing is left that could give way").isFalse();
        assertThat(source.budget().lockedBytes()).isEqualTo(2 * PAGE);
        source.discard(next);
        source.discard(beyond);
    }

    @Test
    void drainGoesOnAfterEachFailureAndCountsRight() {
        for (int number = 0; number < 4; number++) {
            PagePool source = source(LockPolicy.REQUIRE, -1, 1);
            List<GuardedPages> taken =
                    List.of(source.take(PAGE), source.take(2 * PAGE), source.take(3 * PAGE), source.take(4 * PAGE));
            source.giveBack(taken.get(0));
            taken.subList(1, 4).forEach(source::unmapLater);
            int failing = number;
            memCall.failWhere(call -> call == failing);

            assertThat(source.drainAll()).containsOnlyKeys(taken.get(number));

            assertThat(source.budget().lockedBytes())
                    .isEqualTo(taken.get(number).size())
                    .isEqualTo((number + 1L) * PAGE);
            assertThat(source.idleCount()).isZero();
            assertThat(source.idleBytes()).isZero();
            memCall.failWhere(call -> false);
            assertThat(source.drainAll()).isEmpty();
            assertThat(source.budget().lockedBytes()).isZero();
        }
    }

    @Test
    void hiddenPagesThatCannotBePreparedGiveTheirShareBackOnce() {
        Pages.needHidden();
        PagePool source = new PagePool(
                memCall,
                new LockBudget(memCall, LockPolicy.REQUIRE, -1),
                MemGuardOptions.DEFAULTS.withMaxIdle(8).withSecretMemory(true));
        for (int number = 0; number < 5; number++) {
            int failing = number;
            memCall.failWhere(call -> call == failing);
            assertThatExceptionOfType(MemoryCallException.class).isThrownBy(() -> source.take(PAGE));
            assertThat(source.budget().lockedBytes()).as("call %d", number).isZero();
        }
        memCall.failWhere(call -> false);
        GuardedPages pages = source.take(PAGE);
        assertThat(source.budget().lockedBytes()).isEqualTo(PAGE);
        source.discard(pages);
    }

    @Test
    void lockIsGivenBackOnceWithoutUnmapping() {
        PagePool source = source(LockPolicy.REQUIRE, -1, 8);
        GuardedPages pages = source.take(PAGE);
        source.unlock(pages);
        source.unlock(pages);

        assertThat(source.budget().lockedBytes()).isZero();
        assertThat(memCall.calls()).containsOnlyOnce("unlock");
        source.discard(pages);
        assertThat(source.budget().lockedBytes()).isZero();
    }
}
