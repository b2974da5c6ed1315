package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memguard.RegionState.Lifecycle;
import io.securememory.testing.OnEverySystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@OnEverySystem
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
    void whoIsCountedInAnIdleRegionIsNotInside() {
        assertThat(state.enter()).isFalse();
        assertThat(state.isIdle()).isTrue();
        assertThat(state.isReadable()).isFalse();
        assertThat(state.readers()).isEqualTo(1);
        assertThat(RegionState.isLast(state.leave()))
                .as("nothing to bring to rest")
                .isFalse();
        assertThat(state.readers()).isZero();
    }

    @Test
    void allWhoAreCountedAreInsideOncePagesAreReadable() {
        state.enter();
        state.enter();
        state.beginReading();
        assertThat(state.isReadable()).isTrue();
        assertThat(state.isIdle()).isFalse();
        assertThat(state.enter()).isTrue();
        assertThat(state).hasToString("OPEN, 3 readers");

        assertThat(RegionState.isLast(state.leave())).isFalse();
        assertThat(RegionState.isLast(state.leave())).isFalse();
        assertThat(state.tryEndReading()).as("one is inside").isFalse();
        assertThat(RegionState.isLast(state.leave())).isTrue();
        assertThat(state.isIdle()).as("the pages are not at rest").isFalse();
        assertThat(state.tryEndReading()).isTrue();
        assertThat(state.tryEndReading()).as("only once").isFalse();
        assertThat(state.isIdle()).isTrue();
    }

    @Test
    void whoComesBeforeTheLastOneHasClosedIsInside() {
        state.enter();
        state.beginReading();
        assertThat(RegionState.isLast(state.leave())).isTrue();
        assertThat(state.tryEnterWriter()).as("the pages are not at rest").isFalse();
        assertThat(state.enter()).isTrue();
        assertThat(state.tryEndReading()).isFalse();
        assertThat(RegionState.isLast(state.leave())).isTrue();
        assertThat(state.tryEndReading()).isTrue();
    }

    @Test
    void oneReaderEntersAnIdleRegionAloneAndLeavesIt() {
        assertThat(state.tryLeaveAlone()).isFalse();
        assertThat(state.tryEnterAlone()).isTrue();
        assertThat(state.isReadable()).isTrue();
        assertThat(state.readers()).isEqualTo(1);
        assertThat(state.tryEnterAlone()).isFalse();
        assertThat(state.tryEnterWriter()).isFalse();
        assertThat(state.enter()).isTrue();
        assertThat(state.tryLeaveAlone()).isFalse();
        assertThat(RegionState.isLast(state.leave())).isFalse();
        assertThat(state.tryLeaveAlone()).isTrue();
        assertThat(state.isIdle()).isTrue();
        assertThat(state.isReadable()).isFalse();
    }

    @Test
    void nobodyIsAloneBesideOneWhoWaits() {
        assertThat(state.enter()).isFalse();
        assertThat(state.tryEnterAlone()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Lifecycle.class,
            names = {"POISONED", "CLOSING", "FREED"})
    void nobodyEntersOrLeavesARegionAloneThatIsNotOpen(Lifecycle lifecycle) {
        state.tryEnterAlone();
        state.moveTo(lifecycle);

        assertThat(state.tryLeaveAlone()).isFalse();
        assertThat(RegionState.isLast(state.leave())).isTrue();
        assertThat(state.tryEndReading()).isTrue();
        assertThat(state.tryEnterAlone()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(
            value = Lifecycle.class,
            names = {"POISONED", "CLOSING", "FREED"})
    void nobodyIsInsideARegionThatIsNotOpenButReadersMayLeave(Lifecycle lifecycle) {
        state.enter();
        state.beginReading();
        state.enter();
        state.moveTo(lifecycle);

        assertThat(state.lifecycle()).isEqualTo(lifecycle);
        assertThat(state.isOpen()).isFalse();
        assertThat(state.isReadable()).isFalse();
        assertThat(state.readers()).isEqualTo(2);
        assertThat(state.enter()).isFalse();
        assertThat(RegionState.isLast(state.leave())).isFalse();
        assertThat(RegionState.isLast(state.leave())).isFalse();
        assertThat(RegionState.isLast(state.leave()))
                .as("also who was refused may be the last")
                .isTrue();
        assertThat(state.tryEndReading()).isTrue();
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
        assertThat(state.enter()).isFalse();
        assertThat(state.leave()).isPositive();
        assertThat(state).hasToString("OPEN, 0 readers, writer");
        state.leaveWriter();
        assertThat(state.hasWriter()).isFalse();
        assertThat(state.isIdle()).isTrue();
    }

    @Test
    void wipedStaysAndChangesNothingElse() {
        state.enter();
        state.beginReading();
        state.markWiped();
        assertThat(state.isWiped()).isTrue();
        assertThat(state.readers()).isEqualTo(1);
        assertThat(RegionState.isWiped(state.leave())).isTrue();
        assertThat(state.tryEndReading()).isTrue();
        assertThat(state.isWiped()).isTrue();
        assertThat(state.isIdle()).isTrue();
        assertThat(state).hasToString("OPEN, 0 readers, wiped");
    }
}
