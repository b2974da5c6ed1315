package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.MemoryCallException;
import io.securememory.memcall.internal.RawMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every way of calling the operating system must do. */
abstract class MemCallContract {

    private final MemCall memCall = MemCalls.lookup(access());
    private MemoryRegion region;

    abstract NativeAccess access();

    @BeforeEach
    void allocate() {
        region = memCall.allocate(3L * memCall.pageSize());
    }

    @AfterEach
    void free() {
        try {
            memCall.free(region);
        } catch (IllegalStateException e) {
            assertThat(e).hasMessageContaining("freed"); // by the test itself
        }
    }

    @Test
    void freshPagesAreZerosThatCanBeWritten() {
        ByteBuffer bytes = bytes(region);

        for (int i = 0; i < bytes.limit(); i++) {
            assertThat(bytes.get(i)).isZero();
        }
        bytes.put(17, (byte) 42);
        assertThat(bytes(region).get(17)).isEqualTo((byte) 42);
    }

    @Test
    void sizesAreRoundedUpToWholePages() {
        MemoryRegion small = memCall.allocate(1);
        try {
            assertThat(small.size()).isEqualTo(memCall.pageSize());
        } finally {
            memCall.free(small);
        }
    }

    @Test
    void sizesOutOfRangeAreRefusedByName() {
        for (long size : new long[] {Long.MIN_VALUE, -1, 0, (1L << 30) + 1, Long.MAX_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> memCall.allocate(size))
                    .withMessageContaining("size is " + size);
        }
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
    void callOnPartLeavesItsNeighboursAlone() {
        int page = memCall.pageSize();
        MemoryRegion middle = region.slice(page, page);

        memCall.protect(middle, Protection.NO_ACCESS);

        assertThat(flags(middle)).doesNotContain("rd");
        bytes(region.slice(0, page)).put(page - 1, (byte) 1);
        bytes(region.slice(2L * page, page)).put(0, (byte) 1);
    }

    @Test
    void partsOutsideOrOffThePageGridAreRefused() {
        int page = memCall.pageSize();

        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> region.slice(3L * page, page));
        assertThatIllegalArgumentException().isThrownBy(() -> region.slice(1, page));
        assertThatIllegalArgumentException().isThrownBy(() -> region.slice(0, page - 1));
        assertThatIllegalArgumentException().isThrownBy(() -> region.slice(0, 0));
    }

    @Test
    void randomBytesFillJustTheRange() {
        memCall.fillRandom(region, 100, 64);

        ByteBuffer bytes = bytes(region);
        assertThat(bytes.get(99)).isZero();
        assertThat(bytes.get(164)).isZero();
        byte[] filled = new byte[64];
        bytes.get(100, filled);
        assertThat(filled).isNotEqualTo(new byte[64]);
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> memCall.fillRandom(region, region.size() - 1, 2));
    }

    @Test
    void freedRegionIsRefusedByEveryCall() {
        MemoryRegion part = region.slice(0, memCall.pageSize());
        memCall.free(region);

        assertThatIllegalStateException().isThrownBy(() -> memCall.free(region));
        assertThatIllegalStateException().isThrownBy(() -> memCall.protect(part, Protection.READ_WRITE));
        assertThatIllegalStateException().isThrownBy(() -> memCall.lock(region));
        assertThatIllegalStateException().isThrownBy(() -> memCall.unlock(region));
        assertThatIllegalStateException().isThrownBy(() -> memCall.excludeFromDumps(region));
        assertThatIllegalStateException().isThrownBy(() -> memCall.excludeFromFork(region));
        assertThatIllegalStateException().isThrownBy(() -> memCall.fillRandom(region, 0, 1));
    }

    @Test
    void manyAreFreedTogetherAndOneThatIsFreeAlreadyIsSaid() {
        List<MemoryRegion> regions = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            regions.add(memCall.allocate((1L + i % 3) * memCall.pageSize()));
        }
        MemoryRegion early = regions.get(20);
        memCall.free(early);

        assertThat(memCall.freeAll(regions)).containsOnlyKeys(early);

        regions.forEach(each -> assertThatIllegalStateException().isThrownBy(() -> memCall.free(each)));
        bytes(region).put(0, (byte) 1);
    }

    @Test
    void partCannotBeFreed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> memCall.free(region.slice(0, memCall.pageSize())))
                .withMessageContaining("part");
    }

    @Test
    void regionOfAnotherImplementationIsRefused() {
        MemCall other = MemCalls.lookup(access());

        assertThatIllegalArgumentException().isThrownBy(() -> other.free(region));
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
        String line = java.nio.file.Files.readAllLines(java.nio.file.Path.of("/proc/self/limits")).stream()
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

    private static ByteBuffer bytes(MemoryRegion region) {
        return ((RawMemory) region).newBuffer();
    }

    private static Set<String> flags(MemoryRegion region) {
        return MemCalls.kernelFlags(region).orElseThrow();
    }
}
