package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memcall.NativeAccess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Eight threads do everything at once in a child for each way of native access, for 60 seconds on three seeds. */
class StressIT {

    private static final int SECONDS = 20;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyAccessGivesCorrectBytesOrTheTypedException(long number, @TempDir Path directory) throws Exception {
        CompletableFuture<Void> jna = CompletableFuture.runAsync(() -> check(NativeAccess.JNA, directory));
        if (Runtime.version().feature() >= 22) {
            check(NativeAccess.FFM, directory);
        }
        jna.get();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("hs_err"));
        }
    }

    private static void check(NativeAccess access, Path directory) {
        long seed = new Random().nextLong();
        ChildJvm child = ChildJvm.onTestClassPath(StressProgram.class)
                .options("-Dseed=" + seed, "-Dseconds=" + SECONDS, "-Daccess=" + access, "-Xmx256m");
        if (Runtime.version().feature() >= 22) {
            child.options("--enable-native-access=ALL-UNNAMED");
        }

        ChildJvm.Result result = child.runUnchecked(directory);

        assertThat(result.output()).as("%s, seed %d", access, seed).contains("completed without a wrong byte");
        assertThat(result.exitCode()).as("%s, seed %d", access, seed).isZero();
    }
}
