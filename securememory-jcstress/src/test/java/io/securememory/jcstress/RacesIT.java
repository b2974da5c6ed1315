package io.securememory.jcstress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs all races in jcstress's quick way; the whole way is in CONTRIBUTING.md. */
class RacesIT {

    private static final int MINUTES = 8;

    @Test
    void noRaceHasAForbiddenOutcome(@TempDir Path directory) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.openjdk.jcstress.Main"));
        // Few states at a time: each holds locked pages.
        command.addAll(List.of("-m", "quick", "-strideSize", "8", "-strideCount", "4", "-iters", "2", "-time", "100"));
        // Arguments of our own leave one mode of the virtual machine instead of all that it knows.
        boolean ffm = Runtime.version().feature() >= 22;
        command.addAll(List.of("-jvmArgs", (ffm ? "--enable-native-access=ALL-UNNAMED " : "") + "-Xmx256m"));
        if (!ffm) {
            command.addAll(List.of("-sc", "false")); // One mix of compilers: the newer Java has them all.
        }
        File output = directory.resolve("jcstress.log").toFile();
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        try {
            assertThat(process.waitFor(MINUTES, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(output.toPath(), StandardCharsets.ISO_8859_1);

        assertThat(text).contains("RUN RESULTS:");
        assertThat(process.exitValue()).as(text).isZero();
        String last = Pattern.compile("\\(Results: \\d+ planned; (.*?)\\)")
                .matcher(text)
                .results()
                .map(match -> match.group(1))
                .reduce((earlier, later) -> later)
                .orElseThrow();
        assertThat(last).contains(" 0 failed, 0 soft errs, 0 hard errs").doesNotStartWith("0 passed");
    }
}
