package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.CanaryViolationException;
import io.securememory.memcall.MemCalls;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CanaryPolicyTest {

    private static MemGuard guard(CanaryPolicy policy) {
        return MemGuard.create(
                MemCalls.system(),
                MemGuardOptions.DEFAULTS.withLeakDetection(LeakDetection.OFF).withCanaryPolicy(policy));
    }

    static void damage(LockedBuffer buffer) {
        buffer.mutate(view -> buffer.memory().put(-16, (byte) ~buffer.memory().get(-16)));
    }

    @Test
    void throwLeavesTheOthersAlone() {
        MemGuard guard = guard(CanaryPolicy.THROW);
        LockedBuffer other = guard.allocate(1);
        LockedBuffer damaged = guard.allocate(32);
        damage(damaged);

        assertThatExceptionOfType(CanaryViolationException.class).isThrownBy(damaged::close);
        assertThat(other.isAlive()).isTrue();
        guard.shutDown();
    }

    @Test
    void purgeReachesAllThatShareTheLimit() {
        MemGuard guard = guard(CanaryPolicy.PURGE);
        LockedBuffer other = guard.allocate(1);
        LockedBuffer sibling = guard.sharingLimit().allocate(1);
        LockedBuffer damaged = guard.allocate(32);
        damage(damaged);

        assertThatExceptionOfType(CanaryViolationException.class).isThrownBy(damaged::close);
        assertThat(other.isAlive()).isFalse();
        assertThat(sibling.isAlive()).isFalse();
        assertThat(guard.status().canaryViolationsTotal()).isEqualTo(1);
    }

    @Test
    void violationFoundAtTheEndOfAnAccessIsThrownThere() {
        MemGuard guard = guard(CanaryPolicy.PURGE);
        LockedBuffer damaged = guard.allocate(32);
        damage(damaged);

        assertThatExceptionOfType(CanaryViolationException.class)
                .isThrownBy(() -> damaged.withBytes(view -> {
                    damaged.close();
                    return 1;
                }));
        assertThat(guard.status().liveBuffers()).isZero();
    }

    @Test
    void purgeCountsTheViolationAndGoesOn() {
        MemGuard guard = guard(CanaryPolicy.THROW);
        LockedBuffer damaged = guard.allocate(32);
        guard.allocate(32);
        damage(damaged);

        assertThat(guard.purge().wiped()).isEqualTo(2);
        assertThat(guard.status().canaryViolationsTotal()).isEqualTo(1);
    }

    @Test
    void haltEndsTheProcess(@TempDir Path directory) throws Exception {
        Result result = ChildJvm.onTestClassPath(Halting.class)
                .options("-Xmx32m")
                .quickStart()
                .run(directory);

        assertThat(result.exitCode()).isEqualTo(134);
        assertThat(result.output()).contains("about to close").doesNotContain("survived");
    }

    /** The child: closes a damaged buffer. */
    static final class Halting {

        private Halting() {}

        public static void main(String[] arguments) {
            LockedBuffer damaged = guard(CanaryPolicy.HALT).allocate(32);
            damage(damaged);
            System.out.println("about to close");
            damaged.close();
            System.out.println("survived");
        }
    }
}
