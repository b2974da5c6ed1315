package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memcall.NativeAccess;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.Result;
import io.securememory.testing.Seed;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

/**
 * Ten threads rekey, view, seal, open and purge at once.
 *
 * @see SealedStressProgram
 */
class SealedStressIT {

    private static final int SECONDS = Effort.of("sealed.seconds", 4, 30);

    @Test
    void jnaGivesTheRightBytesOrTheTypedException(@TempDir Path directory) throws Exception {
        check(NativeAccess.JNA, directory);
    }

    @Test
    @EnabledForJreRange(min = JRE.JAVA_22)
    void ffmGivesTheRightBytesOrTheTypedException(@TempDir Path directory) throws Exception {
        check(NativeAccess.FFM, directory);
    }

    private static void check(NativeAccess access, Path directory) throws Exception {
        long seed = Seed.of("sealed stress by " + access);
        Result result = ChildJvm.onTestClassPath(SealedStressProgram.class)
                .options("-Dseed=" + seed, "-Dseconds=" + SECONDS, "-Daccess=" + access, "-Xmx128m")
                .within(Effort.limit(Duration.ofSeconds(SECONDS)))
                .run(directory);

        System.out.println(result.output());
        assertThat(result.output())
                .containsPattern("done: [1-9]\\d* opened, [1-9]\\d* refused, [1-9]\\d* keys compared")
                .doesNotContain("FAILED");
        assertThat(result.exitCode()).isZero();
        assertThat(directory.toFile().list((where, name) -> name.startsWith("hs_err")))
                .isEmpty();
    }
}
