package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.PurgeReport;
import io.securememory.SecretClosedException;
import io.securememory.memcall.MemCalls;
import io.securememory.testing.Effort;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How enclaves come and go, and what the status says of it. */
class EnclaveCountsTest {

    private static final int STEPS = Effort.of("enclave-counts.steps", 4, 5);

    private final MemGuard guard = MemGuard.create(MemCalls.system(), MemGuardOptions.DEFAULTS);
    private final Deque<Enclave> open = new ArrayDeque<>();
    private final Set<Enclave> readable = new HashSet<>();

    @AfterEach
    void nothingStaysBehind() {
        guard.prepareSealing();
        SealingProbe.assertWindowsAreIdleAndHoldZeros(guard);
        guard.shutDown();
        assertThat(guard.status().liveBuffers()).isZero();
        assertThat(guard.status().enclaves().live()).isZero();
        assertThat(guard.status().lockedBytes()).isZero();
    }

    private static byte[] pattern(int size) {
        return LockedBufferContract.pattern(size);
    }

    @Test
    void countsAreRightAfterEveryOrderOfSealCloseAndPurge() {
        int orders = (int) Math.pow(3, STEPS);
        for (int order = 0; order < orders; order++) {
            for (int step = 0, rest = order; step < STEPS; step++, rest /= 3) {
                step(rest % 3);
                check();
            }
        }
    }

    private void step(int kind) {
        switch (kind) {
            case 0 -> {
                Enclave sealed = guard.seal(pattern(1 + open.size()));
                open.add(sealed);
                readable.add(sealed);
            }
            case 1 -> {
                Enclave oldest = open.poll();
                if (oldest != null) {
                    oldest.close();
                    readable.remove(oldest);
                }
            }
            default -> {
                long bytes = readable.stream().mapToLong(Enclave::size).sum();
                PurgeReport report = guard.purge();
                assertThat(report.wiped()).isEqualTo(readable.size());
                assertThat(report.bytes()).isEqualTo(bytes);
                readable.clear();
            }
        }
    }

    private void check() {
        EnclaveStatus status = guard.status().enclaves();
        assertThat(status.live()).isEqualTo(readable.size());
        assertThat(status.sealedTotal() - status.closedTotal()).isEqualTo(status.live());
        assertThat(open).allSatisfy(enclave -> assertThat(enclave.isAlive()).isEqualTo(readable.contains(enclave)));
    }

    @Test
    void purgedEnclaveIsDeadAndCannotBeOpened() {
        Enclave enclave = guard.seal(pattern(40));
        assertThat(guard.purge().bytes()).isEqualTo(40);

        assertThat(enclave.isAlive()).isFalse();
        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(() -> enclave.withBytes(view -> 1))
                .withMessageContaining("purged");
        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(enclave::open)
                .withMessageContaining("purged");
        enclave.close();
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(enclave::open);
        assertThat(SealingProbe.sealed(enclave)).containsOnly(0);
        try (Enclave next = guard.seal(pattern(40));
                LockedBuffer opened = next.open()) {
            assertThat(opened.contentEquals(pattern(40))).isTrue();
        }
    }

    @Test
    void enclavesOfGuardsThatShareALimitArePurgedApart() {
        MemGuard other = guard.sharingLimit();
        Enclave mine = guard.seal(pattern(10));
        Enclave its = other.seal(pattern(10));

        assertThat(other.shutDown().wiped()).isEqualTo(1);

        assertThat(its.isAlive()).isFalse();
        assertThat(mine.isAlive()).isTrue();
        boolean same = mine.withBytes(view -> view.contentEquals(pattern(10)));
        assertThat(same).isTrue();
    }

    @Test
    void randomEnclavesDifferAndAreNotZeros() {
        Enclave one = guard.sealRandom(32);
        Enclave two = guard.sealRandom(32);
        byte[] bytes = new byte[32];
        one.withBytes(view -> {
            view.copyTo(0, bytes, 0, 32);
            return null;
        });

        assertThat(bytes).isNotEqualTo(new byte[32]);
        boolean same = two.withBytes(view -> view.contentEquals(bytes));
        assertThat(same).isFalse();
    }

    @Test
    void sealingABufferDestroysIt() {
        for (boolean frozen : new boolean[] {false, true}) {
            LockedBuffer buffer = guard.allocate(5000);
            buffer.copyIn(0, pattern(5000));
            if (frozen) {
                buffer.freeze();
            }

            Enclave enclave = buffer.seal();

            assertThat(buffer.isAlive()).isFalse();
            assertThat(guard.status().liveBuffers()).isZero();
            boolean same = enclave.withBytes(view -> view.contentEquals(pattern(5000)));
            assertThat(same).isTrue();
            assertThatExceptionOfType(SecretClosedException.class).isThrownBy(buffer::seal);
        }
        assertThat(guard.status().enclaves().live()).isEqualTo(2);
    }

    @Test
    void fillerThatThrowsLeavesNothing() {
        Enclave before = guard.seal(pattern(3));
        IOException failure = new IOException("from the filler");

        for (int size : new int[] {1, 3000, 5000, 300_000}) {
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> guard.seal(size, target -> {
                        target.copyFrom(0, pattern(size), 0, size);
                        throw failure;
                    }))
                    .isSameAs(failure);
            SealingProbe.assertWindowsAreIdleAndHoldZeros(guard);
        }

        assertThat(guard.status().enclaves().live()).isEqualTo(1);
        assertThat(guard.status().enclaves().sealedTotal()).isEqualTo(1);
        assertThat(before.isAlive()).isTrue();
    }

    @Test
    void fillerSeesZerosAndItsViewEndsWithIt() {
        MutableView[] escaped = new MutableView[1];
        guard.seal(pattern(100)).close();

        Enclave enclave = guard.seal(100, target -> {
            assertThat(target.contentEquals(new byte[100])).isTrue();
            target.put(99, (byte) 7);
            escaped[0] = target;
        });

        assertThatIllegalStateException().isThrownBy(() -> escaped[0].put(0, (byte) 1));
        byte last = enclave.withBytes(view -> view.get(99));
        assertThat(last).isEqualTo((byte) 7);
    }
}
