package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memguard.LockPolicy;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Needs;
import io.securememory.testing.Result;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A container whose seccomp profile refuses mlock, with a limit that nothing of is used. */
class ForbiddenLockTest {

    private static final String EPERM = "1";

    /** Without this the limit would not count for root. */
    private static final String[] LIMITED = {
        "prlimit", "--memlock=8388608:8388608", "setpriv", "--bounding-set=-ipc_lock", "--inh-caps=-ipc_lock"
    };

    private Path refuser;

    @TempDir
    private Path directory;

    @BeforeEach
    void compileTheFilter() throws Exception {
        Needs.launcher(LIMITED);
        Needs.command("it takes a C compiler", "cc", "--version");
        refuser = directory.resolve("refuse-mlock");
        Path source =
                Path.of(ForbiddenLockTest.class.getResource("/refuse-mlock.c").toURI());
        Needs.command("it takes the headers of Linux", "cc", "-o", refuser.toString(), source.toString());
        Needs.command("it takes a kernel with seccomp", refuser.toString(), EPERM, "true");
    }

    @ParameterizedTest
    @EnumSource(WhenLimitReached.class)
    void whereItIsRequiredTheFilterIsNamedAndNoLimit(WhenLimitReached whenLimitReached) {
        assertThat(child(LockPolicy.REQUIRE, whenLimitReached).output())
                .contains("MemoryCallException: mlock failed with errno 1 (EPERM)")
                .contains("seccomp profile")
                .contains("best-effort")
                .doesNotContain("ulimit");
    }

    @Test
    void bestEffortGoesOnAndCounts() {
        Result result = child(LockPolicy.BEST_EFFORT, WhenLimitReached.SEAL);

        assertThat(result.output())
                .contains("protected secret of 3 bytes, sealed secret of 3 bytes, degraded")
                .doesNotContain("degraded 0")
                .contains("(EPERM)")
                .doesNotContain("Or set the lock policy to best-effort")
                .containsOnlyOnce("Memory stays unlocked and may be swapped");
        assertThat(result.exitCode()).isZero();
    }

    private Result child(LockPolicy policy, WhenLimitReached whenLimitReached) {
        return ChildJvm.onTestClassPath(Child.class)
                .quickStart()
                .withNativeAccess()
                .startedBy(refuser.toString(), EPERM)
                .startedBy(LIMITED)
                .arguments(policy.name(), whenLimitReached.name())
                .run(directory);
    }

    /** The child. */
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) {
            SecureMemoryOptions options = SecureMemoryOptions.builder()
                    .lockPolicy(LockPolicy.valueOf(arguments[0]))
                    .whenLimitReached(WhenLimitReached.valueOf(arguments[1]))
                    .build();
            try (SecureMemory session = SecureMemory.create(options)) {
                Secret one = session.secrets(Storage.PROTECTED).createRandom(3);
                Secret other = session.secrets(Storage.SEALED).createRandom(3);
                System.out.println("protected secret of " + one.length() + " bytes, sealed secret of " + other.length()
                        + " bytes, degraded " + session.status().degradedTotal());
                System.out.println(session.protection());
            }
        }
    }
}
