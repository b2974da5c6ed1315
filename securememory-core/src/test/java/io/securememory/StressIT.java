package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memcall.NativeAccess;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Eight threads do everything at once in a child for each way of native access, on random seeds. */
class StressIT {

    private static final int SEEDS = Effort.of("stress.seeds", 1, 6);
    private static final int SECONDS = Effort.of("stress.seconds", 6, 20);

    static IntStream seeds() {
        return IntStream.rangeClosed(1, SEEDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyAccessGivesCorrectBytesOrTheTypedException(int number, @TempDir Path directory) throws Exception {
        CompletableFuture<Void> jna = CompletableFuture.runAsync(() -> check(NativeAccess.JNA, directory));
        if (Runtime.version().feature() >= 22) {
            check(NativeAccess.FFM, directory);
        }
        jna.get(Effort.limit(Duration.ofSeconds(SECONDS)).toMillis(), TimeUnit.MILLISECONDS);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("hs_err"));
        }
    }

    private static void check(NativeAccess access, Path directory) {
        long seed = new Random().nextLong();
        ChildJvm child = ChildJvm.onTestClassPath(StressProgram.class)
                .options("-Dseed=" + seed, "-Dseconds=" + SECONDS, "-Daccess=" + access, "-Xmx256m")
                .withNativeAccess()
                .within(Effort.limit(Duration.ofSeconds(SECONDS)));
        System.out.println(access + ", seed " + seed);

        Result result = child.run(directory);

        assertThat(result.output()).as("%s, seed %d", access, seed).contains("completed without a wrong byte");
        assertThat(result.exitCode()).as("%s, seed %d", access, seed).isZero();
    }
}
