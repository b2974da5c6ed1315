package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.securememory.CanaryViolationException;
import io.securememory.MemoryLimitException;
import io.securememory.SecretClosedException;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.NativeAccess;
import io.securememory.memcall.PageEvidence.Finding;
import io.securememory.memcall.PageEvidence.PageProtection;
import io.securememory.memcall.Pages;
import io.securememory.testing.OnEverySystem;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a buffer must do, whatever way native code is called. */
@OnEverySystem
abstract class LockedBufferContract {

    private final MemGuard guard = MemGuard.create(MemCalls.lookup(access()), MemGuardOptions.DEFAULTS);

    abstract NativeAccess access();

    @AfterEach
    void nothingStaysBehind() {
        guard.shutDown();
        assertThat(guard.status().liveBuffers()).isZero();
        assertThat(guard.status().lockedBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 32, 4079, 4080, 4081, 4096, 8192, 20_000})
    void holdsWhatWasMovedInAndWipesTheSource(int size) {
        byte[] source = pattern(size);

        LockedBuffer buffer = guard.moveFrom(source);

        assertThat(source).containsOnly(0);
        assertThat(buffer.size()).isEqualTo(size);
        assertThat(buffer.contentEquals(pattern(size))).isTrue();
        byte[] other = pattern(size);
        other[size - 1]++;
        assertThat(buffer.contentEquals(other)).isFalse();
        assertThat(buffer.contentEquals(new byte[size + 1])).isFalse();
    }

    @Test
    void sourceIsWipedWhenTheBufferCannotBeMade() {
        MemGuard tiny =
                MemGuard.create(MemCalls.lookup(access()), MemGuardOptions.DEFAULTS.withLockLimitBytes(Pages.SIZE));
        byte[] source = pattern(2 * Pages.SIZE + 1_000);

        assertThatExceptionOfType(MemoryLimitException.class)
                .isThrownBy(() -> tiny.moveFrom(source))
                .satisfies(e -> {
                    assertThat(e.requestedBytes()).isEqualTo(3L * Pages.SIZE);
                    assertThat(e.lockedBytes()).isZero();
                    assertThat(e.limitBytes()).isEqualTo(Pages.SIZE);
                    assertThat(e).hasMessageContaining(MemCalls.lookup(access()).lockLimitRemedy());
                });
        assertThat(source).containsOnly(0);
        assertThat(tiny.status().lockedBytes()).isZero();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void bestEffortGoesOnUnlockedAndCountsIt() {
        MemGuard tiny = MemGuard.create(
                MemCalls.lookup(access()),
                MemGuardOptions.DEFAULTS
                        .withLeakDetection(LeakDetection.OFF)
                        .withLockLimitBytes(Pages.SIZE)
                        .withLockPolicy(LockPolicy.BEST_EFFORT));
        LockedBuffer locked = tiny.random(32);
        LockedBuffer unlocked = tiny.moveFrom(pattern(32));

        assertThat(unlocked.contentEquals(pattern(32))).isTrue();
        assertThat(MemCalls.kernelFlags(locked.memory().pages().inner()).orElseThrow())
                .contains("lo");
        assertThat(MemCalls.kernelFlags(unlocked.memory().pages().inner()).orElseThrow())
                .doesNotContain("lo")
                .contains("dd");
        assertThat(tiny.status().degradedTotal()).isEqualTo(1);
        assertThat(tiny.shutDown().wiped()).isEqualTo(2);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void pagesAreReadableDuringAReadOnlyAndHaveNoAccessAtRest() {
        LockedBuffer buffer = guard.allocate(32);

        assertThat(flags(buffer)).contains("lo", "dd").containsAnyOf("wf", "dc").doesNotContain("rd", "wr");
        buffer.withBytes(view -> assertThat(flags(buffer)).contains("rd").doesNotContain("wr"));
        buffer.mutate(view -> assertThat(flags(buffer)).contains("rd", "wr"));
        assertThat(flags(buffer)).doesNotContain("rd", "wr");
    }

    @Test
    void newBufferIsZerosAndMutable() {
        LockedBuffer buffer = guard.allocate(8);

        assertThat(buffer.isMutable()).isTrue();
        assertThat(buffer.contentEquals(new byte[8])).isTrue();
        buffer.copyIn(2, new byte[] {1, 2, 3});
        assertThat(buffer.contentEquals(new byte[] {0, 0, 1, 2, 3, 0, 0, 0})).isTrue();
    }

    @Test
    void writesOutOfBoundsChangeNothing() {
        LockedBuffer buffer = guard.allocate(4);
        byte[] moved = {9, 9, 9};

        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffer.copyIn(2, new byte[3]));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffer.copyIn(-1, new byte[1]));
        assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> buffer.moveIn(2, moved));
        assertThat(moved).as("wiped also on failure").containsOnly(0);
        buffer.mutate(view -> {
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> view.put(4, (byte) 1));
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> view.put(-1, (byte) 1));
            assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> view.get(4));
        });
        assertThat(buffer.contentEquals(new byte[4])).isTrue();
    }

    @Test
    void frozenBufferRefusesWritesUntilItIsMelted() {
        LockedBuffer buffer = guard.moveFrom(pattern(16));

        assertThat(buffer.isMutable()).isFalse();
        assertThatIllegalStateException()
                .isThrownBy(() -> buffer.copyIn(0, new byte[1]))
                .withMessageContaining("frozen");
        assertThatIllegalStateException().isThrownBy(buffer::wipe);
        assertThatIllegalStateException().isThrownBy(buffer::scramble);
        assertThat(buffer.contentEquals(pattern(16))).isTrue();

        buffer.melt();
        buffer.wipe();
        assertThat(buffer.contentEquals(new byte[16])).isTrue();
        buffer.scramble();
        assertThat(buffer.contentEquals(new byte[16])).isFalse();
    }

    @Test
    void readViewCannotWrite() {
        LockedBuffer buffer = guard.allocate(4);

        buffer.withBytes(view -> {
            assertThatIllegalStateException().isThrownBy(() -> ((MutableView) view).put(0, (byte) 1));
            assertThatIllegalStateException().isThrownBy(() -> buffer.mutate(nested -> nested.put(0, (byte) 1)));
            return null;
        });
    }

    @Test
    void nestedAccessesWork() {
        LockedBuffer buffer = guard.allocate(4);

        buffer.mutate(outer -> {
            outer.put(0, (byte) 7);
            buffer.mutate(inner -> inner.put(1, (byte) 8));
            assertThat((int) buffer.<Byte, RuntimeException>withBytes(view -> view.get(1)))
                    .isEqualTo(8);
            outer.put(2, (byte) 9);
        });
        int first = buffer.withBytes(outer -> buffer.withBytes(inner -> outer.get(0) + inner.get(2)));

        assertThat(first).isEqualTo(16);
        assertThat(flags(buffer)).doesNotContain("rd");
    }

    /** More than a thread has room for at first. */
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 9, 50})
    void accessesOfManyBuffersNest(int depth) {
        List<LockedBuffer> buffers =
                IntStream.range(0, depth).mapToObj(i -> guard.allocate(i + 1)).toList();

        for (int i = 0; i < 2; i++) {
            assertThat(lengthsFrom(0, buffers)).isEqualTo(depth * (depth + 1) / 2);
            assertThat(buffers).noneMatch(buffer -> flags(buffer).contains("rd"));
        }
        buffers.forEach(buffer -> buffer.mutate(view -> view.put(0, (byte) 1))); // Nobody is inside any more.
    }

    private static int lengthsFrom(int index, List<LockedBuffer> buffers) {
        if (index == buffers.size()) {
            for (LockedBuffer outer : buffers) {
                assertThatIllegalStateException().isThrownBy(() -> outer.mutate(view -> view.put(0, (byte) 1)));
                assertThat((int) outer.<Byte, RuntimeException>withBytes(view -> view.get(0)))
                        .isZero();
            }
            return 0;
        }
        return buffers.get(index).withBytes(view -> view.length() + lengthsFrom(index + 1, buffers));
    }

    @Test
    void closeInsideAnAccessTakesEffectWhenItEnds() {
        LockedBuffer buffer = guard.moveFrom(pattern(4));

        byte read = buffer.withBytes(view -> {
            buffer.close();
            assertThat(buffer.isAlive()).isFalse();
            assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> buffer.withBytes(v -> 1));
            return view.get(3);
        });

        assertThat(read).isEqualTo(pattern(4)[3]);
        assertThat(guard.status().liveBuffers()).isZero();
    }

    @Test
    void closedBufferRefusesEverythingAndClosesAgain() {
        LockedBuffer buffer = guard.allocate(4);
        buffer.close();
        buffer.close();

        assertThat(buffer.isAlive()).isFalse();
        assertThat(buffer.isMutable()).isFalse();
        assertThat(buffer.size()).isEqualTo(4);
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> buffer.withBytes(view -> 1));
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> buffer.mutate(view -> {}));
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(buffer::freeze);
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(buffer::melt);
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> buffer.contentEquals(new byte[4]));
    }

    @Test
    void exceptionOfTheActionReachesTheCallerAndThePagesAreClosed() {
        LockedBuffer buffer = guard.allocate(4);
        IOException failure = new IOException("from the action");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> buffer.withBytes(view -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(flags(buffer)).doesNotContain("rd", "wr");
    }

    @Test
    void overwrittenCanaryIsReportedAndTheBufferIsReleasedAllTheSame() {
        LockedBuffer buffer = guard.allocate(32);
        LockedBuffer neighbour = guard.moveFrom(pattern(32));
        buffer.mutate(view -> buffer.memory().put(-1, (byte) ~buffer.memory().get(-1)));

        assertThatExceptionOfType(CanaryViolationException.class).isThrownBy(buffer::close);

        buffer.close();
        assertThat(guard.status().canaryViolationsTotal()).isEqualTo(1);
        assertThat(guard.status().liveBuffers()).isEqualTo(1);
        assertThat(neighbour.contentEquals(pattern(32))).isTrue();
    }

    @Test
    void randomBuffersDiffer() {
        byte[] first = new byte[32];
        guard.random(32).withBytes(view -> {
            view.copyTo(0, first, 0, 32);
            return null;
        });

        assertThat(guard.random(32).contentEquals(first)).isFalse();
    }

    @Test
    void pagesHaveNoAccessAtRestIfTheyStayLockedWithoutIt() {
        boolean staysLocked = MemCalls.lookup(access()).locksPagesWithoutAccess();
        LockedBuffer buffer = guard.allocate(32);

        assertThat(hasNoAccess(buffer)).isEqualTo(staysLocked);
        buffer.withBytes(view -> assertThat(hasNoAccess(buffer)).isFalse());
        assertThat(hasNoAccess(buffer)).isEqualTo(staysLocked);
    }

    private static boolean hasNoAccess(LockedBuffer buffer) {
        Optional<Finding> shown =
                MemCalls.evidence(buffer.memory().pages().inner()).flatMap(page -> page.of(PageProtection.NO_ACCESS));
        assumeTrue(shown.isPresent(), "this system does not show whether a page has an access");
        return shown.get().inForce();
    }

    @Test
    void sizesOutOfRangeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> guard.allocate(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> guard.allocate(-5))
                .withMessageContaining("-5");
        assertThatIllegalArgumentException().isThrownBy(() -> guard.random(0));
        assertThatIllegalArgumentException().isThrownBy(() -> guard.moveFrom(new byte[0]));
    }

    @Test
    void textShowsNoContent() {
        LockedBuffer buffer = guard.moveFrom("do-not-show".getBytes(java.nio.charset.StandardCharsets.US_ASCII));

        assertThat(buffer).hasToString("LockedBuffer[size=11, alive]");
        buffer.withBytes(view -> assertThat(view.toString()).doesNotContain("do-not"));
        buffer.close();
        assertThat(buffer).hasToString("LockedBuffer[size=11, closed]");
    }

    private static java.util.Set<String> flags(LockedBuffer buffer) {
        return MemCalls.kernelFlags(buffer.memory().pages().inner()).orElseThrow();
    }

    static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + 7);
        }
        return bytes;
    }
}
