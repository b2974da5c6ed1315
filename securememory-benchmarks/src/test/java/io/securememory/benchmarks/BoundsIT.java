package io.securememory.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.Result;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged benchmarks run; at length all of them do, and no ratio of what they measure crosses its bound. */
class BoundsIT {

    /** Far above what it takes, also when other programs keep the processors busy. */
    private static final Duration LIMIT = Duration.ofSeconds(Effort.of("bounds.seconds", 220, 1_200));

    private static final int FIRST_WITH_FFM = 22;

    /** The last table only. */
    private static Result run(String mode, Path directory) {
        Path jar = Path.of("target", "benchmarks.jar").toAbsolutePath();
        Result result = ChildJvm.of("-jar", jar.toString(), mode, directory.toString())
                .within(LIMIT)
                .run(directory);
        String output = result.output();
        System.out.println(output.substring(Math.max(0, output.lastIndexOf("\n\n|"))));
        return result;
    }

    @Test
    void benchmarksRun(@TempDir Path directory) {
        assumeTrue(Runtime.version().feature() >= FIRST_WITH_FFM, "one of the peers needs a newer Java");

        Result result = run(Effort.isThorough() ? "--smoke" : "--check", directory);

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(directory.resolve("results.md")).content().contains("|");
    }

    @Test
    void noRatioCrossesItsBound(@TempDir Path directory) {
        assumeTrue(Runtime.version().feature() >= FIRST_WITH_FFM, "the bounds are those of the newest Java");
        assumeTrue(Effort.isThorough(), "part of -Pthorough");

        Result result = run("--quick", directory);

        assertThat(result.exitCode()).as(result.output()).isZero();
    }
}
