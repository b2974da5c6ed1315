package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.securememory.DecryptionFailedException;
import io.securememory.MemoryLimitException;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemoryException;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.Pages;
import io.securememory.testing.Await;
import io.securememory.testing.Effort;
import io.securememory.testing.Workers;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnclaveStreamTest {

    private static final int PAGE = Pages.SIZE;
    private static final int RECORDS = Effort.of("stream.records", 200, 1000);

    private final Workers threads = new Workers();
    private final FaultyMemCall memCall = new FaultyMemCall(MemCalls.system());
    private MemGuard guard = guard(-1);

    private MemGuard guard(long limit) {
        return MemGuard.create(
                memCall,
                MemGuardOptions.DEFAULTS
                        .withMaxIdle(0)
                        .withLeakDetection(LeakDetection.OFF)
                        .withLockLimitBytes(limit)
                        .withEnclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ZERO)));
    }

    @AfterEach
    void nothingStaysBehind() {
        threads.close();
        memCall.failWhere(call -> false);
        guard.shutDown();
        assertThat(guard.status().liveBuffers()).isZero();
        assertThat(guard.status().enclaves().live()).isZero();
        assertThat(guard.status().lockedBytes()).isZero();
        assertThat(memCall.mapped()).isZero();
    }

    private static byte[] pattern(int size) {
        return LockedBufferContract.pattern(size);
    }

    private static byte[] readAll(EnclaveStream stream) throws IOException {
        return stream.inputStream().readAllBytes();
    }

    @Test
    void plaintextIsInOneBufferOnEitherSideAtMost() throws IOException {
        EnclaveStream stream = guard.newStream(100);
        stream.write(pattern(950));

        assertThat(guard.status().liveBuffers())
                .as("the part that is written to")
                .isEqualTo(1);
        assertThat(guard.status().enclaves().live()).isEqualTo(9);
        assertThat(stream.inputStream().readNBytes(250)).startsWith(pattern(1));
        assertThat(guard.status().liveBuffers()).as("and the one that is read").isEqualTo(2);
        assertThat(stream.size()).isEqualTo(700);
        stream.close();
        assertThat(guard.status().liveBuffers()).isZero();
        assertThat(guard.status().enclaves().live()).isZero();
    }

    @Test
    void openThatMeetsTheLockLimitLosesNothing() throws IOException {
        guard.shutDown();
        guard = guard(5L * PAGE);
        EnclaveStream stream = guard.newStream(64);
        stream.write(pattern(640));
        LockedBuffer one = guard.allocate(1);
        LockedBuffer two = guard.allocate(1);

        assertThatExceptionOfType(MemoryLimitException.class).isThrownBy(stream::next);
        assertThatExceptionOfType(MemoryLimitException.class).isThrownBy(stream::flush);
        assertThatExceptionOfType(MemoryLimitException.class)
                .isThrownBy(() -> stream.inputStream().read());
        byte[] whole = new byte[100];
        assertThat(stream.inputStream().read(whole))
                .as("a whole part needs no buffer")
                .isEqualTo(64);
        assertThatExceptionOfType(MemoryLimitException.class)
                .isThrownBy(() -> stream.inputStream().read());
        assertThat(stream.size()).isEqualTo(576);
        assertThatExceptionOfType(MemoryLimitException.class).isThrownBy(() -> stream.write(pattern(3)));
        assertThat(stream.size()).isEqualTo(576);

        one.close();
        assertThat(stream.inputStream().readNBytes(10)).isEqualTo(slice(pattern(640), 64, 10));
        assertThatExceptionOfType(MemoryLimitException.class)
                .as("the rest of a part needs another buffer")
                .isThrownBy(stream::next);
        two.close();
        try (LockedBuffer rest = stream.next()) {
            assertThat(rest.contentEquals(slice(pattern(640), 74, 54))).isTrue();
        }
        assertThat(readAll(stream)).isEqualTo(slice(pattern(640), 128, 512));
    }

    private static byte[] slice(byte[] bytes, int from, int length) {
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    @Test
    void openThatFailsLosesNothing() throws IOException {
        EnclaveStream stream = guard.newStream(64);
        stream.write(pattern(200));
        int calls = callsOfOpening();
        assertThat(calls).isGreaterThan(5);
        for (int i = 0; i < calls; i++) {
            int number = i;
            memCall.failWhere(call -> call == number);
            assertThatExceptionOfType(SecureMemoryException.class)
                    .isThrownBy(stream::next)
                    .withMessageContaining("Injected");
            assertThat(stream.size()).isEqualTo(200);
        }
        memCall.failWhere(call -> false);

        assertThat(readAll(stream)).isEqualTo(pattern(200));
    }

    private int callsOfOpening() {
        try (Enclave enclave = guard.seal(pattern(64))) {
            memCall.failWhere(call -> false);
            LockedBuffer opened = enclave.open();
            int calls = memCall.calls().size();
            opened.close();
            return calls;
        }
    }

    @Test
    @SuppressWarnings("unchecked")
    void changedPartStaysAndEverythingBeforeItIsRead() throws Exception {
        EnclaveStream stream = guard.newStream(8);
        stream.write(pattern(8));
        Enclave bad = guard.seal(pattern(8));
        SealingProbe.sealed(bad)[10]++;
        Object queue = field(EnclaveStream.class, "queue").get(stream);
        ((Deque<Enclave>) field(PartQueue.class, "parts").get(queue)).add(bad);
        field(PartQueue.class, "size").setLong(queue, 16);

        byte[] target = new byte[16];
        assertThat(stream.inputStream().read(target)).isEqualTo(8);
        for (int i = 0; i < 2; i++) {
            assertThatExceptionOfType(DecryptionFailedException.class)
                    .isThrownBy(() -> stream.inputStream().read(target));
            assertThatExceptionOfType(DecryptionFailedException.class).isThrownBy(stream::next);
            assertThatExceptionOfType(DecryptionFailedException.class).isThrownBy(stream::flush);
            assertThat(stream.size()).isEqualTo(8);
        }
        assertThat(target).as("nothing of what failed").endsWith(new byte[8]);
        SealingProbe.sealed(bad)[10]--;
        assertThat(readAll(stream)).isEqualTo(pattern(8));
    }

    private static Field field(Class<?> owner, String name) throws ReflectiveOperationException {
        Field field = owner.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 64, 4096})
    void recordsOfTwoWritersReachTwoReadersWhole(int chunk) throws Exception {
        MemGuard own = MemGuard.create(MemCalls.system(), MemGuardOptions.DEFAULTS);
        EnclaveStream stream = own.newStream(chunk);
        AtomicInteger left = new AtomicInteger(2 * RECORDS);
        ConcurrentLinkedQueue<Long> read = new ConcurrentLinkedQueue<>();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            long writer = i;
            running.add(threads.run(() -> {
                for (long record = 0; record < RECORDS; record++) {
                    stream.write(ByteBuffer.allocate(8)
                            .putLong(writer * RECORDS + record)
                            .array());
                }
            }));
            running.add(threads.submit(() -> readRecords(stream, left, read)));
        }
        for (Future<?> each : running) {
            Await.result(each);
        }

        assertThat(read).hasSize(2 * RECORDS).doesNotHaveDuplicates();
        assertThat(read).allMatch(record -> record >= 0 && record < 2 * RECORDS);
        assertThat(stream.size()).isZero();
        stream.close();
        own.shutDown();
        assertThat(own.status().lockedBytes()).isZero();
    }

    private static Void readRecords(EnclaveStream stream, AtomicInteger left, ConcurrentLinkedQueue<Long> read)
            throws IOException {
        byte[] record = new byte[8];
        while (left.get() > 0 && !Thread.currentThread().isInterrupted()) {
            int count = stream.inputStream().read(record);
            if (count > 0) {
                assertThat(count).isEqualTo(8);
                read.add(ByteBuffer.wrap(record).getLong());
                left.decrementAndGet();
            }
        }
        return null;
    }

    @Test
    void closedStreamHoldsNothingAndRefusesEverything() {
        EnclaveStream stream = guard.newStream();
        stream.write(pattern(50_000));
        stream.close();
        stream.close();

        assertThat(stream.size()).isZero();
        assertThat(stream).hasToString("EnclaveStream[closed]");
        assertThat(guard.status().enclaves().live()).isZero();
        assertThat(guard.status().liveBuffers()).isZero();
        byte[] source = pattern(3);
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> stream.write(source));
        assertThat(source).as("wiped also on failure").containsOnly(0);
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(stream::next);
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(stream::flush);
        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(() -> stream.inputStream().read());
        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(() -> stream.outputStream().write(1));
    }

    @Test
    void closingOneSideClosesNothingAndEmptyReadsReadNothing() throws IOException {
        EnclaveStream stream = guard.newStream(8);
        stream.outputStream().close();
        stream.inputStream().close();
        assertThat(stream.next()).isNull();
        assertThat(stream.flush()).isNull();
        assertThat(stream.inputStream().read()).isEqualTo(-1);
        stream.write(new byte[0]);
        stream.write(pattern(9));

        assertThat(stream.inputStream().read(new byte[0])).isZero();
        assertThat(stream.inputStream().available()).isEqualTo(9);
        assertThat(readAll(stream)).isEqualTo(pattern(9));
        assertThatIllegalArgumentException().isThrownBy(() -> guard.newStream(0));
        assertThatIllegalArgumentException().isThrownBy(() -> guard.newStream((1 << 24) + 1));
    }
}
