package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memcall.NativeAccess;
import io.securememory.testing.Await;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.Result;
import io.securememory.testing.Seed;
import io.securememory.testing.Workers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Eight threads do everything at once in a child for each way of native access, on random seeds. */
class StressIT {

    private static final int SEEDS = Effort.of("stress.seeds", 1, 3);
    private static final int SECONDS = Effort.of("stress.seconds", 4, 20);
    private static final Duration LENGTH = Duration.ofSeconds(SECONDS);

    static IntStream seeds() {
        return IntStream.rangeClosed(1, SEEDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyAccessGivesCorrectBytesOrTheTypedException(int number, @TempDir Path directory) throws Exception {
        List<NativeAccess> ways = Runtime.version().feature() >= 22
                ? List.of(NativeAccess.JNA, NativeAccess.FFM)
                : List.of(NativeAccess.JNA);
        // Closing kills a child whose fellow has failed, before the directory is deleted.
        try (Workers threads = new Workers()) {
            List<Future<?>> running = new ArrayList<>();
            for (NativeAccess way : ways) {
                running.add(threads.run(() -> check(way, directory)));
            }
            for (Future<?> each : running) {
                each.get(Effort.limit(LENGTH).plus(Await.LIMIT).toMillis(), TimeUnit.MILLISECONDS);
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("hs_err"));
        }
    }

    private static void check(NativeAccess access, Path directory) {
        long seed = Seed.of("stress by " + access);
        ChildJvm child = ChildJvm.onTestClassPath(StressProgram.class)
                .options("-Dseed=" + seed, "-Dseconds=" + SECONDS, "-Daccess=" + access, "-Xmx256m")
                .withNativeAccess()
                .within(Effort.limit(LENGTH));

        Result result = child.run(directory);

        assertThat(result.output()).as("%s, seed %d", access, seed).contains("completed without a wrong byte");
        assertThat(result.exitCode()).as("%s, seed %d", access, seed).isZero();
    }
}
