package io.securememory.sample;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.jayway.jsonpath.JsonPath;
import io.securememory.testing.MemoryMapping;
import io.securememory.testing.ProcessImage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel says of the memory in which the running service keeps its key. */
@ExtendWith(SharedSample.class)
class MemoryProtectionIT {

    @TempDir
    private Path directory;

    private final SampleProcess sample;
    private final TestKey key;

    MemoryProtectionIT(SampleProcess sample, TestKey key) {
        this.sample = sample;
        this.key = key;
    }

    @BeforeAll
    static void theKernelTellsOfMappings() {
        assumeFalse(
                MemoryMapping.of(ProcessHandle.current().pid()).isEmpty(),
                "this kernel does not show the flags of mappings in /proc/<pid>/smaps");
    }

    @BeforeEach
    void useTheKey() {
        for (int i = 0; i < 50; i++) {
            assertThat(sample.post("/sign", "x".getBytes(UTF_8)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void keyRestsInOneLockedPageWithoutAccessBetweenGuardPages() {
        List<MemoryMapping> mappings = MemoryMapping.of(sample.pid());

        MemoryMapping page = keyPage(mappings);

        assertThat(page.size()).isEqualTo(MemoryMapping.pageSize());
        assertThat(page.flags()).contains("dd").containsAnyOf("wf", "dc");
        int index = mappings.indexOf(page);
        assertThat(mappings.get(index - 1)).satisfies(guard -> assertGuards(guard, guard.end(), page.start()));
        assertThat(mappings.get(index + 1)).satisfies(guard -> assertGuards(guard, guard.start(), page.end()));
    }

    private static void assertGuards(MemoryMapping guard, long guardEdge, long pageEdge) {
        assertThat(guardEdge).isEqualTo(pageEdge);
        assertThat(guard.isInaccessible()).isTrue();
        assertThat(guard.isLocked()).isFalse();
        assertThat(guard.size()).isGreaterThanOrEqualTo(MemoryMapping.pageSize());
    }

    /** A debugger that may read everything finds the key at the end of its page, and no trace of it elsewhere. */
    @Test
    void keyIsNowhereElseInTheMemoryOfTheProcess() throws IOException {
        MemoryMapping page = keyPage(MemoryMapping.of(sample.pid()));
        byte[] content = Files.readAllBytes(memory(page::equals).get(0));

        assertThat(Arrays.copyOfRange(content, content.length - key.bytes().length, content.length))
                .isEqualTo(key.bytes());
        try (KeySearch search = new KeySearch().add("key", key)) {
            assertThat(search.foundIn(memory(mapping -> !mapping.equals(page)))).isEmpty();
        }
    }

    private List<Path> memory(Predicate<MemoryMapping> mappings) throws IOException {
        try {
            return ProcessImage.write(sample.pid(), directory, mappings);
        } catch (FileNotFoundException e) {
            return abort("this system does not let a process read its child's memory: " + e.getMessage());
        }
    }

    @Test
    void endpointReportsAsManyLockedBytesAsTheKernel() {
        int reported = JsonPath.read(sample.get("/actuator/securememory").body(), "$.memory.lockedBytes");

        long locked = MemoryMapping.of(sample.pid()).stream()
                .filter(MemoryMapping::isLocked)
                .mapToLong(MemoryMapping::size)
                .sum();
        assertThat(reported).isEqualTo(locked);
    }

    /** The one secret's page; other locked pages are wiped and wait for the next secret. */
    private static MemoryMapping keyPage(List<MemoryMapping> mappings) {
        List<MemoryMapping> pages = mappings.stream()
                .filter(mapping -> mapping.isLocked() && mapping.isInaccessible())
                .toList();
        assertThat(pages).hasSize(1);
        return pages.get(0);
    }
}
