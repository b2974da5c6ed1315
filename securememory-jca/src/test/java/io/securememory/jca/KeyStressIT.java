package io.securememory.jca;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.Result;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Eight threads use keys and end them, in another process, which must live. */
class KeyStressIT {

    private static final int SECONDS = Effort.of("tests.stress", 3, 60);

    @Test
    void noRaceOfSigningRotatingPurgingAndClosingEndsTheProcess() {
        Result result = ChildJvm.onTestClassPath(KeyStressProgram.class)
                .withNativeAccess()
                .options("-Xss512k")
                .arguments(Integer.toString(SECONDS))
                .within(Duration.ofSeconds(SECONDS + 60))
                .run();

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).contains("right ");
    }
}
