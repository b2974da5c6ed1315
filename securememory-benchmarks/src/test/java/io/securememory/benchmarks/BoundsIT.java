package io.securememory.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The packaged benchmarks in their quick mode: no ratio of what they measure crosses its bound. */
class BoundsIT {

    /** Far above what it takes, also when other programs keep the processors busy. */
    private static final int MINUTES = 10;

    private static final int FIRST_WITH_FFM = 22;

    @Test
    void noRatioCrossesItsBound() throws IOException, InterruptedException {
        assumeTrue(Runtime.version().feature() >= FIRST_WITH_FFM, "the bounds are those of the newest Java");
        Path target = Path.of("target").toAbsolutePath();
        Path log = target.resolve("bounds.log");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        target.resolve("benchmarks.jar").toString(),
                        "--quick",
                        target.resolve("benchmarks").toString()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        String output = Files.readString(log);
        System.out.println(output.substring(Math.max(0, output.lastIndexOf("\n\n|"))));

        assertThat(ended)
                .as("the quick mode ended within %d minutes: %s", MINUTES, output)
                .isTrue();
        assertThat(process.waitFor()).as(output).isZero();
    }
}
