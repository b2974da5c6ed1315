package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memcall.MemCalls;
import io.securememory.memcall.NativeAccess;
import io.securememory.testing.Effort;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Private copies, which JNA needs on every Java. */
class WindowPoolTest {

    /** More than may be lent at once. */
    private static final int ACCESSES = Effort.of("window-pool.accesses", 4_500, 10_000);

    private final MemGuard guard =
            MemGuard.create(MemCalls.lookup(NativeAccess.JNA), MemGuardOptions.DEFAULTS.withMaxIdle(0));

    @Test
    void escapedBufferNeverShowsAnotherSecret() {
        List<ByteBuffer> escaped = new ArrayList<>();
        for (int i = 1; i <= 50; i++) {
            byte[] content = new byte[64];
            java.util.Arrays.fill(content, (byte) i);
            try (LockedBuffer buffer = guard.moveFrom(content)) {
                buffer.withBytes(view -> {
                    for (ByteBuffer earlier : escaped) {
                        assertThat(earlier).isEqualTo(ByteBuffer.allocate(32));
                    }
                    return escaped.add(view.asByteBuffer().slice(16, 32));
                });
            }
        }
        assertThat(guard.status().lockedBytes())
                .as("windows are unlocked after use")
                .isZero();
    }

    @Test
    void moreAccessesThanWindowsGoOnOnceTheirBuffersAreUnreachable() {
        LockedBuffer buffer = guard.moveFrom(LockedBufferContract.pattern(32));

        for (int i = 0; i < ACCESSES; i++) {
            byte last = buffer.withBytes(view -> view.asByteBuffer().get(31));
            assertThat(last).isEqualTo(LockedBufferContract.pattern(32)[31]);
        }
        buffer.close();
    }
}
