package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.securememory.MemoryLimitException;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.Pages;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RegionPoolTest {

    private static final int PAGE = Pages.SIZE;
    private static final int TWO_PAGES = PAGE + 900;

    private static MemGuard guard(long lockLimit, int maxIdle) {
        return MemGuard.create(
                MemCalls.system(),
                MemGuardOptions.DEFAULTS
                        .withLeakDetection(LeakDetection.OFF)
                        .withLockLimitBytes(lockLimit)
                        .withMaxIdle(maxIdle));
    }

    @Test
    void closedRegionIsReusedWipedAndWithANewCanary() {
        MemGuard guard = guard(-1, 1);
        Set<Long> canaries = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            LockedBuffer buffer = guard.allocate(32);
            assertThat(guard.status().idleRegions()).isZero();
            assertThat(buffer.contentEquals(new byte[32])).as("zeros again").isTrue();
            buffer.mutate(view -> {
                canaries.add(buffer.memory().pages().bytes().getLong(0));
                view.copyFrom(0, LockedBufferContract.pattern(32), 0, 32);
            });
            buffer.close();
            assertThat(guard.status().idleRegions()).isEqualTo(1);
            assertThat(guard.status().lockedBytes()).isEqualTo(PAGE);
        }
        assertThat(canaries).hasSize(20);
        guard.shutDown();
    }

    @Test
    void poolIsBoundedAndEmptiedByPurge() {
        MemGuard guard = guard(-1, 3);
        List<LockedBuffer> buffers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            buffers.add(guard.allocate(i % 2 == 0 ? 32 : TWO_PAGES));
        }
        buffers.forEach(LockedBuffer::close);

        assertThat(guard.status().idleRegions()).isEqualTo(3);
        guard.purge();
        assertThat(guard.status().idleRegions()).isZero();
        assertThat(guard.status().lockedBytes()).isZero();
    }

    @Test
    void idleRegionsGiveWayWhenTheLimitIsReached() {
        MemGuard guard = guard(3L * PAGE, 64);
        guard.allocate(32).close();
        guard.allocate(32).close();
        LockedBuffer kept = guard.moveFrom(LockedBufferContract.pattern(32));
        assertThat(guard.status().lockedBytes()).isEqualTo(PAGE);
        guard.allocate(32).close();
        assertThat(guard.status().idleRegions()).isEqualTo(1);

        LockedBuffer larger = guard.allocate(TWO_PAGES);

        assertThat(larger.size()).isEqualTo(TWO_PAGES);
        assertThat(guard.status().idleRegions()).isZero();
        assertThat(guard.status().lockedBytes()).isEqualTo(3L * PAGE);
        assertThatExceptionOfType(MemoryLimitException.class).isThrownBy(() -> guard.allocate(1));
        assertThat(kept.contentEquals(LockedBufferContract.pattern(32))).isTrue();
        guard.shutDown();
    }

    @Test
    void negativeBoundIsRefusedByName() {
        assertThatIllegalArgumentException().isThrownBy(() -> guard(-1, -1)).withMessageContaining("maxIdle is -1");
    }
}
