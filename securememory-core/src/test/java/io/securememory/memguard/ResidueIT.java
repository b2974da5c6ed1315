package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.securememory.libcrypto.LibCryptos;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.Needs;
import io.securememory.testing.Result;
import io.securememory.testing.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is left of closed secrets, sealed plaintexts and the session's key in the whole process: nothing.
 *
 * <p>The short form takes one collector, and one way of compiling on each Java. {@code -Dresidue.count=100000} makes it as thorough as
 * one likes.
 */
class ResidueIT {

    private static final int COUNT = Effort.of("residue.count", 300, 1_000);

    /** Some times what the counted rekeys take, one a millisecond. */
    private static final Duration LIMIT = Effort.limit(Duration.ofSeconds(40 + COUNT / 100));

    /** Every millisecond all threads are stopped, and their registers saved. */
    private static final String[] STOPPED_OFTEN = {
        "-XX:+UnlockDiagnosticVMOptions", "-XX:+SafepointALot", "-XX:GuaranteedSafepointInterval=1"
    };

    /** Where the limit is lower, this needs the rights of root. */
    private static final String[] DUMPING = {"prlimit", "--core=unlimited:unlimited"};

    private static final String CORE_PATTERN = "/proc/sys/kernel/core_pattern";

    /** A child that crashes at its end and leaves a core dump, if core dumps do not go elsewhere. */
    private static ChildJvm child(String collector, Path directory, String... more) {
        Needs.launcher(DUMPING);
        Needs.javaOptions("-XX:+Use" + collector + "GC");
        List<String> arguments = new ArrayList<>(List.of(
                "-XX:+Use" + collector + "GC",
                "-Xmx96m",
                "-Dcrash=true",
                "-XX:ErrorFile=" + directory.resolve("hs_err.log"),
                "-cp",
                System.getProperty("java.class.path"),
                ResidueProgram.class.getName(),
                Integer.toString(COUNT),
                directory.toString()));
        arguments.addAll(List.of(more));
        return ChildJvm.of(arguments.toArray(String[]::new)).startedBy(DUMPING).within(LIMIT);
    }

    private static boolean dumpsCoreHere() throws IOException {
        return Files.readString(Path.of(CORE_PATTERN)).startsWith("core");
    }

    static Stream<String> collectors() {
        return Effort.isThorough() ? Stream.of("Serial", "Parallel", "G1", "Z", "Shenandoah") : Stream.of("G1");
    }

    @ParameterizedTest
    @MethodSource("collectors")
    void nothingIsLeftInTheProcessItsHeapDumpAndItsCoreDump(String collector, @TempDir Path directory)
            throws Exception {
        Result result = child(collector, directory).run(directory);

        System.out.println(collector + ", " + COUNT + " times:\n" + result.output());
        assertThat(result.output())
                .contains("process: 0 hits of 17 needles", "heap dump: 0 hits", "done")
                .containsPattern("in [1-9]\\d+ MB");
        if (dumpsCoreHere()) {
            assertThat(inCoreDump(directory)).isEmpty();
            System.out.println("core dump: 0 hits");
        } else {
            System.out.println("core dump: not looked at, as core dumps go elsewhere");
        }
    }

    static Stream<String> compilers() {
        if (Effort.isThorough()) {
            return Stream.of(
                    "-XX:+TieredCompilation",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:TieredStopAtLevel=3",
                    "-XX:-TieredCompilation",
                    "-XX:LoopUnrollLimit=200");
        }
        return Stream.of(Runtime.version().feature() < 22 ? "-XX:+TieredCompilation" : "-XX:LoopUnrollLimit=200");
    }

    /** What compiled code keeps in which register, and what on the stack, depends on how it was compiled. */
    @ParameterizedTest
    @MethodSource("compilers")
    void nothingIsLeftOnStacksHoweverTheLibraryWasCompiled(String option, @TempDir Path directory) throws Exception {
        Result result = ChildJvm.onTestClassPath(RestingThreadsProgram.class)
                .options("-Dseed=" + Seed.of("resting threads, " + option))
                .options(STOPPED_OFTEN)
                .options("-XX:+UseSerialGC", "-Xmx256m", "-Xss512k", option)
                .options("-Dtests.effort=" + System.getProperty("tests.effort", "quick"))
                .within(LIMIT)
                .run(directory);

        System.out.println(option + "\n" + result.output());
        assertThat(result.output()).containsPattern("(?m)^0 hits in [1-9]\\d+ MB");
        assertThat(result.exitCode()).isZero();
    }

    /** Words of keys, and of states from which keys follow, in any order: less than would help to guess the rest. */
    @ParameterizedTest
    @MethodSource("compilers")
    void noWordsThatMakeAKeyAreLeftInOneStack(String option, @TempDir Path directory) throws Exception {
        Result result = keyWords(option, directory).run(directory);

        System.out.println(option + "\n" + result.output());
        assertThat(result.output())
                .containsPattern(
                        "(?m)^(95|99) groups of words, 0 times more than 4 of one group in one mapping, in [1-9]\\d+ MB");
        assertThat(result.exitCode()).isZero();
    }

    /** Masks of what a processor can do, as OPENSSL_ia32cap(3) has them; others than x86-64 do not look at it. */
    static Stream<String> olderProcessors() {
        String noVectorsOf512AndNoSha = ":~0xf0230000";
        return Effort.isThorough()
                ? Stream.of(noVectorsOf512AndNoSha, ":~0xf0230020")
                : Stream.of(noVectorsOf512AndNoSha);
    }

    /** The library has other code for each kind of processor, which leaves its words in other places. */
    @ParameterizedTest
    @MethodSource("olderProcessors")
    void noWordsThatMakeAKeyAreLeftByTheLibrarysOtherCode(String mask, @TempDir Path directory) throws Exception {
        Result result = keyWords("-XX:+TieredCompilation", directory)
                .environment("OPENSSL_ia32cap", mask)
                .run(directory);

        System.out.println(mask + "\n" + result.output());
        assertThat(result.output())
                .containsPattern("(95|99) groups of words, 0 times more than 4 of one group in one mapping");
        assertThat(result.exitCode()).isZero();
    }

    private static ChildJvm keyWords(String option, Path directory, String... arguments) {
        return ChildJvm.onTestClassPath(KeyWordsProgram.class)
                .arguments(arguments)
                .options("-Dseed=" + Seed.of("key words, " + option))
                .options(STOPPED_OFTEN)
                .options("-Xmx64m", "-Xss512k", option)
                .within(LIMIT);
    }

    /** The same ciphers, without what overwrites the stack after them. */
    @ParameterizedTest
    @MethodSource("compilers")
    void wordsOfKeysAreFoundWhereNothingOverwritesThem(String option, @TempDir Path directory) throws Exception {
        String output = keyWords(option, directory, "control")
                .options("-Dfewest=4")
                .run(directory)
                .output();

        System.out.println(
                option + "\n" + output.lines().reduce((first, last) -> last).orElse(""));
        assertThat(output).containsPattern("key: [4-8] of 8 words").containsPattern("state: [4-8] of 8 words");
    }

    /** Without instructions for SHA, the library has the whole schedule of a block on the stack. */
    @ParameterizedTest
    @MethodSource("olderProcessors")
    void wordsThatTheLibrarysDigestsLeaveAreFoundWhereNothingOverwritesThem(String mask, @TempDir Path directory)
            throws Exception {
        assumeThat(System.getProperty("os.arch")).isEqualTo("amd64");
        assumeThat(LibCryptos.find("jna"))
                .as("not run: this machine has no libcrypto 3")
                .isNotNull();
        String output = keyWords("-XX:+TieredCompilation", directory, "control")
                .environment("OPENSSL_ia32cap", mask)
                .run(directory)
                .output();

        assertThat(output).containsPattern("schedule-\\w+-\\d+: [5-8] of 8 words");
    }

    static Stream<String> controlled() {
        return Effort.isThorough() ? Stream.of("Serial", "G1") : Stream.of("Serial");
    }

    @ParameterizedTest
    @MethodSource("controlled")
    void copiesThatAreLeftOnPurposeAreFoundInTheProcessAndItsDumps(String collector, @TempDir Path directory)
            throws Exception {
        String output = child(collector, directory, "control").run(directory).output();

        for (String needle : List.of(
                "closed-secret",
                "closed-secret-under-5c-in-words",
                "closed-secret-hex-a",
                "closed-secret-base64-2",
                "closed-secret-utf16",
                "sealed-plaintext",
                "key-first",
                "key-second",
                "old-key-first")) {
            assertThat(output.lines().filter(line -> line.startsWith(needle + " at ")))
                    .as(needle)
                    .hasSizeGreaterThanOrEqualTo(3)
                    .anyMatch(line -> line.contains("heap.hprof"));
        }
        assertThat(output).contains("done");
        if (dumpsCoreHere()) {
            assertThat(inCoreDump(directory)).hasSizeGreaterThanOrEqualTo(34);
        } else {
            System.out.println("core dump: not looked at, as core dumps go elsewhere");
        }
    }

    private static List<ResidueScanner.Hit> inCoreDump(Path directory) throws Exception {
        List<Needle> needles = new ArrayList<>();
        for (Path needle : files(directory, "needle")) {
            needles.add(Needle.readFrom(needle));
        }
        assertThat(needles).hasSize(17);
        ResidueScanner scanner = new ResidueScanner(needles);
        List<ResidueScanner.Hit> hits = new ArrayList<>();
        try (Stream<Path> dumps = Files.list(directory)) {
            for (Path dump : dumps.filter(file -> file.getFileName().toString().startsWith("core"))
                    .toList()) {
                hits.addAll(scanner.file(dump));
            }
        }
        assertThat(scanner.scanned()).as("bytes of the core dump").isGreaterThan(50_000_000);
        return hits;
    }

    private static List<Path> files(Path directory, String extension) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith("." + extension))
                    .toList();
        }
    }
}
