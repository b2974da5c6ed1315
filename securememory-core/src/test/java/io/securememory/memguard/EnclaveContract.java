package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.CloseTimeoutException;
import io.securememory.DecryptionFailedException;
import io.securememory.MemoryLimitException;
import io.securememory.SecretClosedException;
import io.securememory.SecretView;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.NativeAccess;
import io.securememory.memcall.Pages;
import io.securememory.testing.Await;
import io.securememory.testing.Effort;
import io.securememory.testing.Occupant;
import io.securememory.testing.OnEverySystem;
import io.securememory.testing.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an enclave must do, whatever way native code is called. */
@OnEverySystem
abstract class EnclaveContract {

    private static final int SIZE_STEP = Effort.of("enclave.size-step", 29, 5);

    private final MemGuard guard = MemGuard.create(
            MemCalls.lookup(access()), MemGuardOptions.DEFAULTS.withCloseTimeout(Duration.ofSeconds(30)));
    private final Workers threads = new Workers();

    abstract NativeAccess access();

    private static byte[] pattern(int size) {
        return LockedBufferContract.pattern(size);
    }

    private MemGuard guardWith(MemGuardOptions options) {
        return MemGuard.create(MemCalls.lookup(access()), options);
    }

    @AfterEach
    void nothingStaysBehind() {
        threads.close();
        guard.prepareSealing();
        SealingProbe.assertWindowsAreIdleAndHoldZeros(guard);
        guard.shutDown();
        assertThat(guard.status().liveBuffers()).isZero();
        assertThat(guard.status().enclaves().live()).isZero();
        assertThat(guard.status().enclaves().windows()).isZero();
        assertThat(guard.status().lockedBytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 15, 16, 17, 2047, 2048, 2049, 4095, 4096, 4097, 8191, 8192, 8193, 12_288, 71_680, 200_000})
    void opensWhatWasSealedAndWipesTheSource(int size) {
        byte[] source = pattern(size);

        Enclave enclave = guard.seal(source);

        assertThat(source).containsOnly(0);
        assertThat(enclave.size()).isEqualTo(size);
        try (LockedBuffer opened = enclave.open()) {
            assertThat(opened.isMutable()).isFalse();
            assertThat(opened.size()).isEqualTo(size);
            assertThat(opened.contentEquals(pattern(size))).isTrue();
            assertThatIllegalStateException().isThrownBy(() -> opened.mutate(view -> {}));
        }
        boolean same = enclave.withBytes(view -> view.contentEquals(pattern(size)));
        assertThat(same).isTrue();
        assertThat(enclave.isAlive()).isTrue();
    }

    @Test
    void sizesOfUpToThreePagesAreReadAsTheyWereSealed() {
        for (int size = 1; size <= 3 * Pages.SIZE; size += SIZE_STEP) {
            try (Enclave enclave = guard.seal(pattern(size))) {
                byte[] expected = pattern(size);
                boolean same = enclave.withBytes(view -> view.contentEquals(expected));
                assertThat(same).as("size %d", size).isTrue();
            }
        }
    }

    @Test
    void sourceIsWipedWhenItCannotBeSealed() {
        MemGuard tiny = guardWith(MemGuardOptions.DEFAULTS.withLockLimitBytes(Pages.SIZE));
        byte[] source = pattern(100);

        assertThatExceptionOfType(MemoryLimitException.class).isThrownBy(() -> tiny.seal(source));

        assertThat(source).containsOnly(0);
        assertThat(tiny.status().lockedBytes())
                .as("with the first half given back")
                .isLessThanOrEqualTo(Pages.SIZE);
        tiny.shutDown();
        assertThat(tiny.status().lockedBytes()).isZero();
    }

    @Test
    void sizesOutOfRangeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> guard.seal(new byte[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> guard.seal(-1, view -> {}));
        assertThatIllegalArgumentException().isThrownBy(() -> guard.sealRandom(0));
        assertThat(guard.status().enclaves().sealedTotal()).isZero();
    }

    @Test
    void viewIsBoundToItsBytesAndToItsAction() {
        Enclave enclave = guard.seal(pattern(10));
        SecretView[] escaped = new SecretView[1];

        enclave.withBytes(view -> {
            escaped[0] = view;
            assertThat(view.length()).isEqualTo(10);
            assertThat(view.get(9)).isEqualTo(pattern(10)[9]);
            for (int index : new int[] {-1, 10, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
                assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> view.get(index));
            }
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> view.copyTo(1, new byte[10], 0, 10));
            assertThat(view.asByteBuffer()).isEqualTo(ByteBuffer.wrap(pattern(10)));
            assertThatIllegalStateException().isThrownBy(() -> ((MutableView) view).put(0, (byte) 1));
            return null;
        });

        assertThatIllegalStateException().isThrownBy(() -> escaped[0].get(0));
        assertThatIllegalStateException().isThrownBy(() -> escaped[0].copyTo(0, new byte[1], 0, 1));
        assertThatIllegalStateException().isThrownBy(() -> escaped[0].asByteBuffer());
    }

    @Test
    void nestedAccessesOfOneAndOfTwoEnclavesWork() {
        Enclave one = guard.seal(pattern(100));
        Enclave two = guard.seal(pattern(5000));

        int sum = one.withBytes(
                outer -> one.withBytes(same -> two.withBytes(other -> outer.get(0) + same.get(0) + other.get(0))));
        boolean copied = one.withBytes(outer -> {
            try (Enclave copy = guard.seal(100, target -> target.copyFrom(0, outer, 0, 100));
                    LockedBuffer opened = copy.open()) {
                return opened.contentEquals(pattern(100)) && outer.contentEquals(pattern(100));
            }
        });

        assertThat(sum).isEqualTo(3 * pattern(1)[0]);
        assertThat(copied).isTrue();
    }

    @Test
    void exceptionOfTheActionReachesTheCaller() {
        Enclave enclave = guard.seal(pattern(10));
        IOException failure = new IOException("from the action");

        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> enclave.withBytes(view -> {
                    throw failure;
                }))
                .isSameAs(failure);
        assertThat(failure.getSuppressed()).isEmpty();
    }

    @Test
    void closeInsideAnAccessTakesEffectWhenItEnds() {
        Enclave enclave = guard.seal(pattern(10));

        byte last = enclave.withBytes(view -> enclave.withBytes(inner -> {
            enclave.close();
            assertThat(enclave.isAlive()).isFalse();
            assertThat(SealingProbe.sealed(enclave)).isNotEqualTo(new byte[34]);
            assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> enclave.withBytes(again -> 1));
            assertThatExceptionOfType(SecretClosedException.class).isThrownBy(enclave::open);
            return (byte) (view.get(9) + inner.get(9) - view.get(9));
        }));

        assertThat(last).isEqualTo(pattern(10)[9]);
        assertThat(SealingProbe.sealed(enclave)).containsOnly(0);
        assertThat(guard.status().enclaves().live()).isZero();
    }

    @Test
    void closeWaitsForAReaderOnAnotherThread() throws Exception {
        Enclave enclave = guard.seal(pattern(10));
        AtomicBoolean read = new AtomicBoolean();
        Occupant<Boolean> reader = Occupant.enter(
                threads,
                place -> enclave.withBytes(view -> {
                    place.stay();
                    read.set(view.contentEquals(pattern(10)));
                    return true;
                }));
        Future<Boolean> closing = threads.submit(() -> {
            enclave.close();
            return read.get();
        });
        Await.until("the close", () -> !enclave.isAlive());
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> enclave.withBytes(view -> 1));
        assertThat(closing.isDone()).isFalse();
        reader.letGo();

        assertThat(Await.result(closing))
                .as("read to the end before close returned")
                .isTrue();
        assertThat(reader.leave()).isTrue();
        assertThat(SealingProbe.sealed(enclave)).containsOnly(0);
    }

    @Test
    void readerThatStaysTooLongIsReportedAndWipesOnItsWayOut() throws Exception {
        MemGuard impatient = guardWith(MemGuardOptions.DEFAULTS.withCloseTimeout(Duration.ofMillis(20)));
        Enclave enclave = impatient.seal(pattern(10));
        Occupant<Boolean> reader = Occupant.enter(
                threads,
                place -> enclave.withBytes(view -> {
                    place.stay();
                    return view.contentEquals(pattern(10));
                }));

        assertThatExceptionOfType(CloseTimeoutException.class)
                .isThrownBy(enclave::close)
                .withMessageContaining("20 ms");
        assertThat(enclave.isAlive()).isFalse();
        assertThat(impatient.status().enclaves().live()).isEqualTo(1);

        assertThat(reader.leave()).isTrue();
        assertThat(SealingProbe.sealed(enclave)).containsOnly(0);
        assertThat(impatient.status().enclaves().live()).isZero();
        enclave.close();
        impatient.shutDown();
    }

    @Test
    void changedBytesAreNeverOpened() {
        Enclave enclave = guard.seal(pattern(40));
        byte[] sealed = SealingProbe.sealed(enclave);
        for (int i = 0; i < sealed.length; i++) {
            sealed[i] ^= 0x10;
            assertThatExceptionOfType(DecryptionFailedException.class).isThrownBy(() -> enclave.withBytes(view -> 1));
            assertThatExceptionOfType(DecryptionFailedException.class).isThrownBy(enclave::open);
            sealed[i] ^= 0x10;
        }

        assertThat(guard.status().liveBuffers()).isZero();
        boolean same = enclave.withBytes(view -> view.contentEquals(pattern(40)));
        assertThat(same).isTrue();
    }

    @Test
    void closedEnclaveRefusesEverythingAndClosesAgain() {
        Enclave enclave = guard.seal(pattern(11));
        assertThat(enclave).hasToString("Enclave[size=11, alive]");
        enclave.close();
        enclave.close();

        assertThat(enclave.isAlive()).isFalse();
        assertThat(enclave.size()).isEqualTo(11);
        assertThat(enclave).hasToString("Enclave[size=11, closed]");
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> enclave.withBytes(view -> 1));
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(enclave::open);
        assertThat(guard.status().enclaves().closedTotal()).isEqualTo(1);
    }
}
