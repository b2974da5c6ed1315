package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memcall.NativeAccess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Eight threads do everything at once in a child, for 60 seconds in all, on three seeds. */
class StressIT {

    private static final int SECONDS = 20;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void jnaGivesCorrectBytesOrTheTypedException(long number, @TempDir Path directory) throws Exception {
        check(NativeAccess.JNA, directory);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    @EnabledForJreRange(min = JRE.JAVA_22)
    void ffmGivesCorrectBytesOrTheTypedException(long number, @TempDir Path directory) throws Exception {
        check(NativeAccess.FFM, directory);
    }

    private static void check(NativeAccess access, Path directory) throws Exception {
        long seed = new Random().nextLong();
        ChildJvm child = ChildJvm.onTestClassPath(StressProgram.class)
                .options("-Dseed=" + seed, "-Dseconds=" + SECONDS, "-Daccess=" + access, "-Xmx256m");
        if (Runtime.version().feature() >= 22) {
            child.options("--enable-native-access=ALL-UNNAMED");
        }

        ChildJvm.Result result = child.run(directory);

        assertThat(result.output()).as("seed %d", seed).contains("completed without a wrong byte");
        assertThat(result.exitCode()).as("seed %d", seed).isZero();
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.startsWith("hs_err"));
        }
    }
}
