package io.securememory.memguard;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.SecretSourceException;
import io.securememory.SecretSourceException.Reason;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.MemoryRegion;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Buffers from streams, and where their bytes lie. */
class BufferSourcesTest {

    private final MemGuard guard = MemGuard.create(MemCalls.system(), MemGuardOptions.DEFAULTS.withMaxIdle(0));

    @AfterEach
    void nothingStaysBehind() {
        guard.shutDown();
        assertThat(guard.status().liveBuffers()).isZero();
        assertThat(guard.status().lockedBytes()).isZero();
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(US_ASCII));
    }

    private static boolean holds(LockedBuffer buffer, String text) {
        assertThat(buffer.isMutable()).isFalse();
        return buffer.contentEquals(text.getBytes(US_ASCII));
    }

    @Test
    void exactlySoManyBytesAreRead() throws IOException {
        InputStream in = stream("abcdef");

        assertThat(holds(guard.read(in, 4), "abcd")).isTrue();
        assertThat(in.read()).isEqualTo('e');
    }

    @Test
    void streamThatEndsBeforeIsReportedAndWhatWasReadIsWiped() {
        assertThatExceptionOfType(SecretSourceException.class)
                .isThrownBy(() -> guard.read(stream("abc"), 4))
                .withMessageContaining("3 of 4 bytes")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TRUNCATED));
        assertThat(guard.status().liveBuffers()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, RegionLayout.MAX_DATA + 1, Integer.MAX_VALUE})
    void sizeThatNoBufferHasIsRefusedBeforeAnythingIsRead(int size) throws IOException {
        InputStream in = stream("abc");

        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> guard.read(in, size))
                .withMessageContaining("" + size);
        assertThat(in.available()).isEqualTo(3);
    }

    @Test
    void bytesUpToADelimiterAreReadAndTheDelimiterIsDropped() throws IOException {
        InputStream in = stream("one\ntwo\n" + "x".repeat(2000));

        assertThat(holds(guard.readUntil(in, (byte) '\n', 100), "one")).isTrue();
        assertThat(holds(guard.readUntil(in, (byte) '\n', 3), "two")).isTrue();
        assertThat(holds(guard.readUntil(in, (byte) '\n', 2000), "x".repeat(2000)))
                .isTrue();
        assertThat(in.read()).isEqualTo(-1);
    }

    @Test
    void nothingBeforeTheDelimiterOrTooMuchIsReported() {
        assertThatExceptionOfType(SecretSourceException.class)
                .isThrownBy(() -> guard.readUntil(stream("\nabc"), (byte) '\n', 10))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.EMPTY));
        assertThatExceptionOfType(SecretSourceException.class)
                .isThrownBy(() -> guard.readUntil(stream("abcd\n"), (byte) '\n', 3))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
        assertThat(guard.status().liveBuffers()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 32, 4080, 4081, 8176, 8177, 12_272, 16_368, 20_464})
    void dataEndsAtTheGuardPageAndFollowsTheCanary(int size) {
        LockedBuffer buffer = guard.moveFrom(LockedBufferContract.pattern(size));
        GuardedPages pages = buffer.memory().pages();
        int page = MemCalls.system().pageSize();
        int inner = (size + RegionLayout.MIN_CANARY + page - 1) / page * page;

        assertThat(pages.size()).isEqualTo(inner);
        assertThat(pages.whole().size()).isEqualTo(inner + 2L * page);
        assertThat(flags(pages.whole().slice(0, page))).doesNotContain("rd", "wr", "lo");
        assertThat(flags(pages.whole().slice(page + inner, page))).doesNotContain("rd", "wr", "lo");
        assertThat(flags(pages.inner())).contains("lo", "dd");
        buffer.withBytes(view -> {
            byte[] pattern = LockedBufferContract.pattern(size);
            assertThat(pages.bytes().get(inner - 1)).isEqualTo(pattern[size - 1]);
            assertThat(pages.bytes().get(inner - size)).isEqualTo(pattern[0]);
            assertThat(pages.bytes().getLong(0)).as("canary").isNotZero();
            return null;
        });
    }

    private static Set<String> flags(MemoryRegion region) {
        return MemCalls.kernelFlags(region).orElseThrow();
    }
}
