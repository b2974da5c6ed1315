package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.CanaryViolationException;
import io.securememory.MemoryCallException;
import io.securememory.MemoryLimitException;
import io.securememory.SecretClosedException;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.MemoryRegion;
import io.securememory.memcall.NativeAccess;
import io.securememory.memcall.Pages;
import io.securememory.memcall.internal.RawMemory;
import io.securememory.testing.Effort;
import io.securememory.testing.FaultLoop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Private copies, which JNA needs on every Java. */
class LentCopiesTest {

    private static final int PAGE = Pages.SIZE;

    /** More than may be lent at once, of pages. */
    private static final int ACCESSES = Effort.of("window-pool.accesses", 4_500, 10_000);

    private static final MemGuardOptions OPTIONS =
            MemGuardOptions.DEFAULTS.withLeakDetection(LeakDetection.OFF).withMaxIdle(8);

    private final LookingMemCall memCall = new LookingMemCall();

    /** Remembers what was locked. */
    private static final class LookingMemCall extends FaultyMemCall {
        private final List<MemoryRegion> locked = Collections.synchronizedList(new ArrayList<>());

        LookingMemCall() {
            super(MemCalls.lookup(NativeAccess.JNA));
        }

        @Override
        public void lock(MemoryRegion region) {
            super.lock(region);
            locked.add(region);
        }

        /** The bytes of the window that was made last, which stays readable. */
        ByteBuffer lastLocked() {
            return ((RawMemory) locked.get(locked.size() - 1)).newBuffer();
        }

        long count(String call) {
            return calls().stream().filter(call::equals).count();
        }
    }

    private MemGuard guard(MemGuardOptions options) {
        return MemGuard.create(memCall, options);
    }

    private static byte[] pattern() {
        return LockedBufferContract.pattern(32);
    }

    private static WritableByteChannel channel() {
        return Channels.newChannel(new ByteArrayOutputStream());
    }

    @Test
    void escapedBufferNeverShowsAnotherSecret() {
        MemGuard guard = guard(OPTIONS.withMaxIdle(0));
        List<ByteBuffer> escaped = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            byte[] content = new byte[64];
            Arrays.fill(content, (byte) i);
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
                .as("windows are unlocked after use where nothing idle is kept")
                .isZero();
    }

    @Test
    void bufferThatWasKeptDoesNotShowALaterAccessOfTheSameSecret() {
        MemGuard guard = guard(OPTIONS);
        LockedBuffer buffer = guard.moveFrom(pattern());
        List<ByteBuffer> kept = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            buffer.withBytes(view -> {
                assertThat(kept).allMatch(ByteBuffer.allocate(32)::equals);
                ByteBuffer lent = view.asByteBuffer();
                assertThat(lent).isEqualTo(ByteBuffer.wrap(pattern()));
                return kept.add(lent);
            });
        }
        guard.shutDown();
        assertThat(kept).as("after the end of the session").allMatch(ByteBuffer.allocate(32)::equals);
    }

    @Test
    void shortCopiesShareAWindowAndAJavaChannelNeedsNone() throws IOException {
        MemGuard guard = guard(OPTIONS);
        LockedBuffer buffer = guard.moveFrom(pattern());
        memCall.failWhere(call -> false);
        int copies = 10 * (PAGE / 48); // Each copy takes up its 32 bytes and a canary of 16.

        for (int i = 0; i < copies; i++) {
            buffer.withBytes(view -> view.asByteBuffer().get(31));
        }
        assertThat(memCall.count("allocate")).isEqualTo(10);
        assertThat(memCall.count("lock")).isEqualTo(10);
        memCall.failWhere(call -> false);
        for (int i = 0; i < copies; i++) {
            buffer.withBytes(view -> view.writeTo(channel()));
        }

        assertThat(memCall.calls()).hasSize(2 * copies).allMatch(call -> call.startsWith("protect"));
        assertThat(guard.status().lockedBytes()).isEqualTo(2 * PAGE);
        guard.shutDown();
        assertThat(guard.status().lockedBytes()).isZero();
    }

    @Test
    void nothingOfACopyIsInItsWindowAfterTheAccess() {
        MemGuard guard = guard(OPTIONS);
        List<ByteBuffer> kept = new ArrayList<>(); // What is kept stays mapped.
        for (int size : new int[] {4, 7, 17, 32, 100, 2_000, PAGE - 16, PAGE, 20_000}) {
            byte[] content = new byte[size];
            Arrays.fill(content, (byte) 0x5A);
            LockedBuffer buffer = guard.moveFrom(content);
            boolean found = buffer.withBytes(view -> {
                kept.add(view.asByteBuffer());
                return isInAWindow(buffer, view.asByteBuffer());
            });

            assertThat(found).as("the copy of %d bytes", size).isTrue();
            assertThat(isInAWindow(buffer, ByteBuffer.wrap(new byte[] {0x5A, 0x5A, 0x5A, 0x5A})))
                    .as("a word of %d bytes afterwards", size)
                    .isFalse();
            buffer.close();
        }
        assertThat(kept).allMatch(buffer -> buffer.equals(ByteBuffer.allocate(buffer.limit())));
        guard.shutDown();
    }

    private boolean isInAWindow(LockedBuffer buffer, ByteBuffer run) {
        return memCall.locked.stream()
                .filter(region -> region != buffer.memory().pages().inner())
                .anyMatch(region -> contains(((RawMemory) region).newBuffer(), run));
    }

    private static boolean contains(ByteBuffer memory, ByteBuffer run) {
        for (int i = 0; i + run.limit() <= memory.limit(); i++) {
            if (memory.slice(i, run.limit()).equals(run)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void windowAtHandGivesWayAtTheLockLimitAndAJavaChannelIsWrittenToBeyondIt() throws IOException {
        MemGuard guard = guard(OPTIONS.withLockLimitBytes(2L * PAGE));
        LockedBuffer first = guard.moveFrom(pattern());
        first.withBytes(view -> view.asByteBuffer().get());
        assertThat(guard.status().lockedBytes()).isEqualTo(2 * PAGE);

        LockedBuffer second = guard.moveFrom(pattern());

        assertThat(guard.status().lockedBytes()).isEqualTo(2 * PAGE);
        assertThatExceptionOfType(MemoryLimitException.class)
                .isThrownBy(() -> second.withBytes(view -> view.asByteBuffer().get()));
        int written = second.withBytes(view -> view.writeTo(channel()));
        assertThat(written).isEqualTo(32);
        guard.shutDown();
        assertThat(guard.status().lockedBytes()).isZero();
    }

    @Test
    void purgeWipesTheCopiesThatItMeetsAndNothingStaysLocked() {
        MemGuard guard = guard(OPTIONS.withCloseTimeout(Duration.ZERO));
        MemGuard other = guard.sharingLimit();
        LockedBuffer purged = guard.moveFrom(pattern());
        LockedBuffer staying = other.moveFrom(pattern());
        staying.withBytes(kept -> {
            ByteBuffer untouched = kept.asByteBuffer();
            assertThatExceptionOfType(SecretClosedException.class)
                    .isThrownBy(() -> purged.withBytes(view -> {
                        ByteBuffer lent = view.asByteBuffer();
                        guard.purge();
                        return assertThat(lent).isEqualTo(ByteBuffer.allocate(32));
                    }));
            return assertThat(untouched).isEqualTo(ByteBuffer.wrap(pattern()));
        });
        assertThat(other.status().lockedBytes() - other.status().idleBytes())
                .as("the buffer that is not purged alone")
                .isEqualTo(PAGE);
        other.shutDown();
        assertThat(other.status().lockedBytes()).isZero();
    }

    @Test
    void whatIsWrittenBesideACopyIsReported() {
        for (int beside : new int[] {-1, -16, 32, 47}) {
            MemGuard guard = guard(OPTIONS);
            LockedBuffer buffer = guard.moveFrom(pattern());
            int at = PAGE - 80 + beside;
            buffer.withBytes(outer -> {
                outer.asByteBuffer(); // At the end of the page, so that there is a neighbour.
                ByteBuffer window = memCall.lastLocked();
                byte before = window.get(at);
                assertThatExceptionOfType(CanaryViolationException.class)
                        .isThrownBy(() -> buffer.withBytes(view -> {
                            view.asByteBuffer();
                            return window.put(at, (byte) ~before);
                        }));
                assertThat(guard.status().canaryViolationsTotal()).isEqualTo(1);
                return window.put(at, before);
            });
            guard.shutDown();
        }
    }

    @Test
    void everyFaultOfTheSystemIsThrownAndLeavesNothingLocked() {
        new FaultLoop<MemGuard>() {
            @Override
            protected MemGuard newWorld() {
                return guard(OPTIONS.withMaxIdle(0));
            }

            @Override
            protected Faults faults(MemGuard world) {
                return memCall;
            }

            @Override
            protected void operate(MemGuard world) {
                LockedBuffer buffer = world.moveFrom(pattern());
                buffer.withBytes(view -> view.asByteBuffer().get());
            }

            @Override
            protected void operateWithFault(MemGuard world) {
                assertThatExceptionOfType(MemoryCallException.class)
                        .isThrownBy(() -> operate(world))
                        .withMessageContaining("Injected");
            }

            @Override
            protected void end(MemGuard world) {
                LockedBuffer buffer = world.moveFrom(pattern());
                byte last = buffer.withBytes(view -> view.asByteBuffer().get(31));
                assertThat(last).isEqualTo(pattern()[31]);
                world.shutDown();
                world.purge();
                assertThat(world.status().liveBuffers()).isZero();
            }
        }.run();
    }

    @Test
    void moreAccessesThanWindowsGoOnOnceTheirBuffersAreUnreachable() {
        byte[] content = LockedBufferContract.pattern(PAGE - 16);
        MemGuard guard = guard(OPTIONS);
        LockedBuffer buffer = guard.moveFrom(content.clone());

        for (int i = 0; i < ACCESSES; i++) {
            byte last = buffer.withBytes(view -> view.asByteBuffer().get(PAGE - 17));
            assertThat(last).isEqualTo(content[PAGE - 17]);
        }
        buffer.close();
    }
}
