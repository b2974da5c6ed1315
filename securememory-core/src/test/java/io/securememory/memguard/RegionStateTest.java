package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memguard.RegionState.Lifecycle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RegionStateTest {

    private final RegionState state = new RegionState();

    @Test
    void startsOpenAndIdle() {
        assertThat(state.lifecycle()).isEqualTo(Lifecycle.OPEN);
        assertThat(state.isOpen()).isTrue();
        assertThat(state.isIdle()).isTrue();
        assertThat(state.readers()).isZero();
        assertThat(state.hasWriter()).isFalse();
        assertThat(state.isWiped()).isFalse();
        assertThat(state).hasToString("OPEN, 0 readers");
    }

    @Test
    void nobodyJoinsAnIdleRegionOrLeavesIt() {
        assertThat(state.tryJoin()).isFalse();
        assertThat(state.tryLeave()).isFalse();
        assertThat(state.tryLeaveLast()).isFalse();
        assertThat(state.readers()).isZero();
    }

    @Test
    void readersJoinTheFirstAndLeaveDownToTheLast() {
        state.enterFirst();
        assertThat(state.isIdle()).isFalse();
        assertThat(state.tryJoin()).isTrue();
        assertThat(state.tryJoin()).isTrue();
        assertThat(state.readers()).isEqualTo(3);
        assertThat(state).hasToString("OPEN, 3 readers");

        assertThat(state.tryLeaveLast()).isFalse();
        assertThat(state.tryLeave()).isTrue();
        assertThat(state.tryLeave()).isTrue();
        assertThat(state.tryLeave()).as("the last one needs the lock").isFalse();
        assertThat(state.tryLeaveLast()).isTrue();
        assertThat(state.readers()).isZero();
        assertThat(state.isIdle()).isTrue();
    }

    @Test
    void oneReaderEntersAnIdleRegionAloneAndLeavesIt() {
        assertThat(state.tryLeaveAlone()).isFalse();
        assertThat(state.tryEnterAlone()).isTrue();
        assertThat(state.readers()).isEqualTo(1);
        assertThat(state.tryEnterAlone()).isFalse();
        assertThat(state.tryEnterWriter()).isFalse();
        assertThat(state.tryJoin()).isTrue();
        assertThat(state.tryLeaveAlone()).isFalse();
        assertThat(state.tryLeave()).isTrue();
        assertThat(state.tryLeaveAlone()).isTrue();
        assertThat(state.isIdle()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            value = Lifecycle.class,
            names = {"POISONED", "CLOSING", "FREED"})
    void nobodyEntersOrLeavesARegionAloneThatIsNotOpen(Lifecycle lifecycle) {
        state.tryEnterAlone();
        state.moveTo(lifecycle);

        assertThat(state.tryLeaveAlone()).isFalse();
        assertThat(state.tryLeaveLast()).isTrue();
        assertThat(state.tryEnterAlone()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Lifecycle.class,
            names = {"POISONED", "CLOSING", "FREED"})
    void nobodyJoinsARegionThatIsNotOpenButReadersMayLeave(Lifecycle lifecycle) {
        state.enterFirst();
        state.tryJoin();
        state.moveTo(lifecycle);

        assertThat(state.lifecycle()).isEqualTo(lifecycle);
        assertThat(state.isOpen()).isFalse();
        assertThat(state.readers()).isEqualTo(2);
        assertThat(state.tryJoin()).isFalse();
        assertThat(state.tryLeave()).isTrue();
        assertThat(state.tryLeaveLast()).isTrue();
        assertThat(state.lifecycle()).isEqualTo(lifecycle);
    }

    @Test
    void lifecycleOnlyMovesForward() {
        state.moveTo(Lifecycle.CLOSING);
        state.moveTo(Lifecycle.OPEN);
        state.moveTo(Lifecycle.POISONED);
        assertThat(state.lifecycle()).isEqualTo(Lifecycle.CLOSING);
        state.moveTo(Lifecycle.FREED);
        state.moveTo(Lifecycle.CLOSING);
        assertThat(state.lifecycle()).isEqualTo(Lifecycle.FREED);
    }

    @Test
    void writerMakesTheRegionBusyUntilItLeaves() {
        assertThat(state.tryEnterWriter()).isTrue();
        assertThat(state.hasWriter()).isTrue();
        assertThat(state.tryEnterWriter()).isFalse();
        assertThat(state.tryEnterAlone()).isFalse();
        assertThat(state.isIdle()).isFalse();
        assertThat(state.tryJoin()).isFalse();
        assertThat(state).hasToString("OPEN, 0 readers, writer");
        state.leaveWriter();
        assertThat(state.hasWriter()).isFalse();
        assertThat(state.isIdle()).isTrue();
    }

    @Test
    void wipedStaysAndChangesNothingElse() {
        state.enterFirst();
        state.markWiped();
        assertThat(state.isWiped()).isTrue();
        assertThat(state.readers()).isEqualTo(1);
        assertThat(state.tryLeaveLast()).isTrue();
        assertThat(state.isWiped()).isTrue();
        assertThat(state.isIdle()).isTrue();
        assertThat(state).hasToString("OPEN, 0 readers, wiped");
    }
}
