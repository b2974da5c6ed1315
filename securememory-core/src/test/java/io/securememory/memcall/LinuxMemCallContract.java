package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.MemoryCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What Linux' MemCall must do besides, as the kernel itself shows it. */
@EnabledOnOs(OS.LINUX)
abstract class LinuxMemCallContract {

    private final MemCall memCall = MemCalls.lookup(access());
    private final MemoryRegion region = memCall.allocate(3L * memCall.pageSize());

    abstract NativeAccess access();

    @AfterEach
    void free() {
        memCall.free(region);
    }

    @Test
    void kernelShowsEachProtection() {
        memCall.protect(region, Protection.NO_ACCESS);
        assertThat(flags(region)).doesNotContain("rd", "wr", "ex");
        memCall.protect(region, Protection.READ_ONLY);
        assertThat(flags(region)).contains("rd").doesNotContain("wr", "ex");
        memCall.protect(region, Protection.READ_WRITE);
        assertThat(flags(region)).contains("rd", "wr").doesNotContain("ex");
    }

    @Test
    void kernelShowsLockAndDumpAndForkExclusion() {
        assertThat(flags(region)).doesNotContain("lo", "dd", "wf", "dc");

        memCall.lock(region);
        memCall.excludeFromDumps(region);
        memCall.excludeFromFork(region);

        assertThat(flags(region)).contains("lo", "dd").containsAnyOf("wf", "dc");
        memCall.unlock(region);
        assertThat(flags(region)).doesNotContain("lo").contains("dd");
    }

    @Test
    void callOnPartLeavesTheAccessOfItsNeighboursAlone() {
        int page = memCall.pageSize();
        MemoryRegion middle = region.slice(page, page);

        memCall.protect(middle, Protection.NO_ACCESS);

        assertThat(flags(middle)).doesNotContain("rd");
        assertThat(flags(region)).contains("rd");
    }

    @Test
    void failedCallSaysOperationErrnoAndRemedy() {
        MemoryRegion page = region.slice(0, memCall.pageSize());
        memCall.protect(page, Protection.NO_ACCESS);

        assertThatExceptionOfType(MemoryCallException.class)
                .isThrownBy(() -> memCall.fillRandom(page, 0, 1))
                .satisfies(e -> {
                    assertThat(e.operation()).isEqualTo("getrandom");
                    assertThat(e.errno()).isEqualTo(14);
                    assertThat(e.errnoName()).isEqualTo("EFAULT");
                    assertThat(e).hasMessageContaining("getrandom").hasMessageContaining("EFAULT");
                });
    }

    @Test
    void limitIsTheOneThatTheKernelShows() throws Exception {
        String line = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                .filter(l -> l.startsWith("Max locked memory"))
                .findFirst()
                .orElseThrow();
        String soft = line.substring("Max locked memory".length()).trim().split(" +")[0];

        long expected = soft.equals("unlimited") ? MemoryLockLimit.UNLIMITED : Long.parseLong(soft);
        assertThat(memCall.lockLimit().softBytes()).isEqualTo(expected);
    }

    @Test
    void mappingsAndTheirLimitAreTheKernelsOwn() throws IOException {
        long expected = Long.parseLong(
                Files.readAllLines(Path.of("/proc/sys/vm/max_map_count")).get(0).trim());

        assertThat(memCall.mappingLimit()).isEqualTo(expected);
        assertThat(memCall.mappings()).isBetween(10L, expected);
    }

    private static Set<String> flags(MemoryRegion region) {
        return MemCalls.kernelFlags(region).orElseThrow();
    }
}
