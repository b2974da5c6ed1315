package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.MemoryCallException;
import io.securememory.memcall.internal.RawMemory;
import io.securememory.testing.OnEverySystem;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memory for platforms that are not known: it works like the other kinds, and says what it cannot do. */
@OnEverySystem
class OrdinaryMemCallTest {

    private final MemCall memCall = MemCalls.ordinaryMemory();
    private final MemoryRegion region = memCall.allocate(5000);

    private static ByteBuffer bytes(MemoryRegion region) {
        return ((RawMemory) region).newBuffer();
    }

    @Test
    void freshMemoryIsZerosOutsideTheHeapThatCanAlwaysBeWritten() {
        assertThat(region.size()).isEqualTo(8192);
        ByteBuffer bytes = bytes(region);
        assertThat(bytes.isDirect()).isTrue();
        while (bytes.hasRemaining()) {
            assertThat(bytes.get()).isZero();
        }
        memCall.protect(region, Protection.NO_ACCESS);
        bytes(region.slice(4096, 4096)).put(0, (byte) 42);
        assertThat(bytes(region).get(4096)).isEqualTo((byte) 42);
    }

    @Test
    void whatCannotBeDoneIsRefusedWithARemedy() {
        List<Runnable> impossible = List.of(
                () -> memCall.lock(region), () -> memCall.hideFromKernel(region), () -> memCall.disableCoreDumps());

        assertThat(impossible)
                .allSatisfy(call -> assertThatExceptionOfType(MemoryCallException.class)
                        .isThrownBy(call::run)
                        .satisfies(e -> assertThat(e.remedy()).contains("supported platform")));
        assertThat(memCall.excludesFromDumps()).isFalse();
    }

    @Test
    void randomBytesFillJustTheRange() {
        memCall.fillRandom(region, 100, 3000);

        ByteBuffer bytes = bytes(region);
        assertThat(bytes.get(99)).isZero();
        assertThat(bytes.get(3100)).isZero();
        for (int i = 100; i < 3084; i += 16) {
            byte[] piece = new byte[16];
            bytes.get(i, piece);
            assertThat(piece).isNotEqualTo(new byte[16]);
        }
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> memCall.fillRandom(region, region.size() - 1, 2));
    }

    @Test
    void freedMemoryIsRefusedAndBuffersOverItStayHarmless() {
        ByteBuffer kept = bytes(region);
        MemoryRegion part = region.slice(0, 4096);
        assertThatIllegalArgumentException().isThrownBy(() -> memCall.free(part));
        memCall.free(region);

        List<Runnable> calls = List.of(
                () -> memCall.free(region),
                () -> memCall.protect(part, Protection.READ_WRITE),
                () -> memCall.lock(region),
                () -> memCall.unlock(part),
                () -> memCall.excludeFromDumps(region),
                () -> memCall.excludeFromFork(region),
                () -> memCall.fillRandom(region, 0, 1));
        assertThat(calls).allSatisfy(call -> assertThatIllegalStateException().isThrownBy(call::run));
        assertThat(kept.get(0)).isZero();
    }

    @Test
    void sizesPartsAndStrangersAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> memCall.allocate(0));
        assertThatIllegalArgumentException().isThrownBy(() -> memCall.allocate((1L << 30) + 1));
        assertThatIllegalArgumentException().isThrownBy(() -> region.slice(1, 4096));
        assertThatIllegalArgumentException().isThrownBy(() -> region.slice(0, 0));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> region.slice(4096, 8192));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MemCalls.ordinaryMemory().free(region));
    }
}
