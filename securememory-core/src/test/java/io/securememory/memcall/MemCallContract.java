package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.securememory.SecureMemoryException;
import io.securememory.memcall.PageEvidence.Finding;
import io.securememory.memcall.PageEvidence.PageProtection;
import io.securememory.memcall.internal.RawMemory;
import io.securememory.testing.OnEverySystem;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every operating system's MemCall must do, by every way of calling it. */
@OnEverySystem
abstract class MemCallContract {

    private MemCall memCall;
    private MemoryRegion region;

    abstract NativeAccess access();

    /** Opens the MemCall under test. A second one knows nothing of the first one's regions. */
    MemCall open() {
        return MemCalls.lookup(access());
    }

    /** Whether there is a fork that pages can be kept out of. */
    boolean hasFork() {
        return Platform.current() != Platform.WINDOWS;
    }

    /** What the operating system shows of the first page. Tests of what it does not show are skipped. */
    Finding shown(PageProtection protection, MemoryRegion region) {
        Optional<Finding> finding = MemCalls.evidence(region).flatMap(page -> page.of(protection));
        assumeTrue(finding.isPresent(), "this system shows nothing about " + protection);
        return finding.get();
    }

    @BeforeEach
    void allocate() {
        memCall = open();
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
    void kernelShowsWhetherThereIsAnAccess() {
        memCall.protect(region, Protection.NO_ACCESS);
        assertThat(shown(PageProtection.NO_ACCESS, region).inForce()).isTrue();
        memCall.protect(region, Protection.READ_ONLY);
        assertThat(shown(PageProtection.NO_ACCESS, region).inForce()).isFalse();
        assertThat(bytes(region).get(17)).isZero();
        memCall.protect(region, Protection.READ_WRITE);
        assertThat(shown(PageProtection.NO_ACCESS, region).inForce()).isFalse();
        bytes(region).put(17, (byte) 42);
    }

    @Test
    void locksDoNotNest() {
        memCall.lock(region);
        memCall.lock(region.slice(0, memCall.pageSize()));
        memCall.lock(region);
        assertThat(shown(PageProtection.LOCKED, region).inForce()).isTrue();

        memCall.unlock(region);

        assertThat(shown(PageProtection.LOCKED, region).inForce()).isFalse();
        memCall.unlock(region);
    }

    @Test
    void partsAreLockedAndUnlockedAlone() {
        int page = memCall.pageSize();
        MemoryRegion middle = region.slice(page, page);

        memCall.lock(middle);
        assertThat(shown(PageProtection.LOCKED, middle).inForce()).isTrue();
        assertThat(shown(PageProtection.LOCKED, region).inForce()).isFalse();

        memCall.lock(region);
        memCall.unlock(middle);
        assertThat(shown(PageProtection.LOCKED, middle).inForce()).isFalse();
        assertThat(shown(PageProtection.LOCKED, region).inForce()).isTrue();
    }

    @Test
    void pagesWithoutAccessCannotBeLocked() {
        memCall.protect(region, Protection.NO_ACCESS);

        assertThatThrownBy(() -> memCall.lock(region)).isInstanceOf(SecureMemoryException.class);

        memCall.protect(region, Protection.READ_WRITE);
        memCall.lock(region);
    }

    @Test
    void lockedPagesAreLockedWheneverTheyHaveAnAccess() {
        memCall.lock(region);
        memCall.protect(region, Protection.NO_ACCESS);
        boolean locked = shown(PageProtection.LOCKED, region).inForce();
        assertThat(locked).isEqualTo(memCall.locksPagesWithoutAccess());

        memCall.protect(region, Protection.READ_ONLY);

        assertThat(shown(PageProtection.LOCKED, region).inForce()).isTrue();
        memCall.unlock(region);
        assertThat(shown(PageProtection.LOCKED, region).inForce()).isFalse();
    }

    @Test
    void pagesAreKeptOutOfDumpsAndForks() {
        memCall.excludeFromDumps(region);
        memCall.excludeFromFork(region);

        if (memCall.excludesFromDumps()) {
            assertThat(shown(PageProtection.OUT_OF_DUMPS, region).inForce()).isTrue();
        }
        if (hasFork()) {
            assertThat(shown(PageProtection.OUT_OF_FORKS, region).inForce()).isTrue();
        }
    }

    @Test
    void callOnPartLeavesItsNeighboursAlone() {
        int page = memCall.pageSize();
        MemoryRegion middle = region.slice(page, page);

        memCall.protect(middle, Protection.NO_ACCESS);

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
    void manyRandomBytesFillTheWholeRange() {
        memCall.fillRandom(region, 1, 2000);

        ByteBuffer bytes = bytes(region);
        assertThat(bytes.get(0)).isZero();
        assertThat(bytes.get(2001)).isZero();
        for (int i = 1; i < 2001; i += 16) {
            byte[] piece = new byte[16];
            bytes.get(i, piece, 0, Math.min(16, 2001 - i));
            assertThat(piece).as("bytes from " + i).isNotEqualTo(new byte[16]);
        }
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
        MemCall other = open();

        assertThatIllegalArgumentException().isThrownBy(() -> other.free(region));
    }

    private static ByteBuffer bytes(MemoryRegion region) {
        return ((RawMemory) region).newBuffer();
    }
}
