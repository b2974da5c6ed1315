package io.securememory.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.securememory.testing.Effort;
import io.securememory.testing.Needs;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Program;
import io.securememory.testing.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * After many signatures, the dumps of the service hold no trace of its key. An ordinary property, which is read from a
 * file like the key and used never, is in both: the dumps are complete and the search works.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@OnceInShortForm
class DumpIT {

    private static final int SIGNATURES = Effort.of("signatures", 200, 1_000);

    /** For the kernel to write the whole process to a file. */
    private static final Duration CORE_DUMP = Duration.ofSeconds(180);

    private static final Path CORE_PATTERN = Path.of("/proc/sys/kernel/core_pattern");

    private final TestKey key = TestKey.random();
    private final TestKey ordinaryProperty = TestKey.random();
    private final KeySearch search = new KeySearch().add("key", key);
    private SampleProcess sample;

    @BeforeAll
    void signManyTimes(@TempDir Path directory) throws IOException {
        String text = ordinaryProperty.text();
        search.addText("begin of the property", text.substring(0, TestKey.PART));
        search.addText("end of the property", text.substring(text.length() - TestKey.PART));
        Path properties = Files.writeString(
                directory.resolve("ordinary.properties"), "ordinary.property=" + ordinaryProperty.text() + "\n");
        sample = SampleCommand.withKeyFile(key.writeTo(directory.resolve("key")))
                .arguments("--spring.config.additional-location=file:" + properties)
                .defaultCompilersAndCollector()
                .coreDumps()
                .in(Files.createDirectories(Path.of("target", "dumps")).toAbsolutePath())
                .start();
        for (int i = 0; i < SIGNATURES; i++) {
            byte[] payload = ("{\"id\":" + i + "}").getBytes(UTF_8);
            assertThat(sample.post("/sign", payload).body()).contains(key.sign(payload));
        }
    }

    @AfterAll
    void deleteTheDumps() {
        search.close();
        if (sample != null) {
            sample.close();
        }
    }

    @Test
    @Order(1)
    void heapDumpHoldsAnOrdinaryPropertyAndNotTheKey() {
        assertHoldsThePropertyAndNotTheKey(heapDump());
    }

    /** Ends the process, and so comes last. */
    @Test
    @Order(2)
    void coreDumpHoldsAnOrdinaryPropertyAndNotTheKey() {
        assumeTrue(coreDumpsGoToTheWorkingDirectory(), "this system writes no core dumps, or writes them elsewhere");

        assertHoldsThePropertyAndNotTheKey(coreDump());
    }

    private void assertHoldsThePropertyAndNotTheKey(Path dump) {
        Evidence.keptUnless(
                List.of(dump),
                () -> assertThat(search.foundIn(List.of(dump)))
                        .containsOnlyKeys("begin of the property", "end of the property"));
    }

    /** With all objects, also those that are garbage already. */
    private Path heapDump() {
        Path dump = sample.directory().resolve("heap.hprof");
        Result result = Program.run(
                Needs.tool("jcmd").toString(), Long.toString(sample.pid()), "GC.heap_dump", "-all", dump.toString());
        assertThat(result.exitCode()).as(result.output()).isZero();
        return dump;
    }

    /** The virtual machine takes the signal for a crash of its own, writes its report, and lets the kernel dump it. */
    private Path coreDump() {
        sample.signal("SEGV");
        assertThat(sample.awaitExit(CORE_DUMP))
                .as("128 and the number of SIGABRT")
                .isEqualTo(134);
        assertThat(files("hs_err"))
                .singleElement()
                .satisfies(report -> assertThat(search.foundIn(List.of(report))).doesNotContainKey("key"));
        List<Path> cores = files("core");
        assumeTrue(!cores.isEmpty(), "the kernel has written no core dump, for lack of space or by a limit");
        return cores.get(0);
    }

    private List<Path> files(String prefix) {
        try (Stream<Path> files = Files.list(sample.directory())) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean coreDumpsGoToTheWorkingDirectory() {
        try {
            return Files.readString(CORE_PATTERN).startsWith("core")
                    && Program.run("sh", "-c", "ulimit -c unlimited").exitCode() == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
