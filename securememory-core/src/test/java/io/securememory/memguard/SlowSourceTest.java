package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.PurgeReport;
import io.securememory.SecretClosedException;
import io.securememory.memcall.MemCalls;
import io.securememory.testing.Await;
import io.securememory.testing.Occupant;
import io.securememory.testing.Program;
import io.securememory.testing.Workers;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A source that takes its time keeps nobody waiting, and nothing that comes from it after a purge or a close stays. */
class SlowSourceTest {

    private static final int SIZE = 2_000;

    /** What a source gives before it blocks: more than goes through one array, and no whole number of them. */
    private static final int BEFORE = 700;

    /** Longer than any test: whoever waits for the source fails. */
    private static final Duration FOR_EVER = Duration.ofDays(1);

    private final MemGuard guard = MemGuard.create(
            MemCalls.system(),
            MemGuardOptions.DEFAULTS
                    .withMaxIdle(0)
                    .withCloseTimeout(FOR_EVER)
                    .withLeakDetection(LeakDetection.OFF)
                    .withEnclaves(EnclaveOptions.DEFAULTS
                            .withRekeyInterval(Duration.ZERO)
                            .withMaxWindows(1)
                            .withWhenExhausted(WindowExhaustion.WAIT)));
    private final Workers threads = new Workers();

    @AfterEach
    void nothingStaysBehind() {
        threads.close();
        guard.shutDown();
        assertThat(guard.status().liveBuffers()).isZero();
        assertThat(guard.status().enclaves().live()).isZero();
        assertThat(guard.status().lockedBytes()).isZero();
    }

    /** Every way that a stream is read in. */
    enum Reading {
        WHOLE(guard -> in -> guard.readFully(in, SIZE)),
        SEALED(guard -> in -> guard.sealFully(in, SIZE)),
        SO_MANY_BYTES(guard -> in -> guard.read(in, SIZE)),
        UP_TO_A_DELIMITER(guard -> in -> guard.readUntil(in, (byte) 0, SIZE)),
        INTO_A_STREAM(guard -> in -> {
            try (EnclaveStream stream = guard.newStream(100)) {
                return stream.transferFrom(in);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });

        private final Function<MemGuard, Function<InputStream, Object>> way;

        Reading(Function<MemGuard, Function<InputStream, Object>> way) {
            this.way = way;
        }

        Object read(MemGuard guard, InputStream in) {
            return way.apply(guard).apply(in);
        }
    }

    /** Gives some bytes, stays, gives the others. Keeps the arrays that it was given. */
    private static final class SlowStream extends InputStream {
        private final Occupant.Place place;
        private final int before;
        private final List<byte[]> arrays = new ArrayList<>();
        private int given;

        SlowStream(Occupant.Place place, int before) {
            this.place = place;
            this.before = before;
        }

        @Override
        public int read() {
            stayIfDue();
            return given == SIZE ? -1 : pattern(given++);
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            arrays.add(target);
            stayIfDue();
            if (given == SIZE) {
                return -1;
            }
            int count = Math.min(length, (given < before ? before : SIZE) - given);
            for (int i = 0; i < count; i++) {
                target[offset + i] = pattern(given++);
            }
            return count;
        }

        private void stayIfDue() {
            if (given == before) {
                place.stay();
            }
        }
    }

    private static byte pattern(int index) {
        return (byte) (index % 100 + 1);
    }

    private static byte[] pattern() {
        byte[] bytes = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            bytes[i] = pattern(i);
        }
        return bytes;
    }

    private Occupant<Object> reading(Reading reading, int before, List<SlowStream> streams) throws ExecutionException {
        return Occupant.enter(threads, place -> {
            SlowStream stream = new SlowStream(place, before);
            streams.add(stream);
            return reading.read(guard, stream);
        });
    }

    @ParameterizedTest
    @EnumSource
    void closeDoesNotWaitForAStreamAndWhatComesLaterIsRefused(Reading reading) throws Exception {
        List<SlowStream> streams = new ArrayList<>();
        Occupant<Object> reader = reading(reading, BEFORE, streams);

        PurgeReport report = Await.result(threads.submit(guard::shutDown));

        assertThat(report.failed()).isZero();
        assertThat(reader.result()).isNotDone();
        assertThat(guard.status().lockedBytes()).as("while the source blocks").isZero();
        isRefused(reader);
        assertThat(streams.get(0).arrays).allSatisfy(array -> assertThat(array).containsOnly(0));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INTO_A_STREAM")
    void streamThatHasGivenNothingYetIsRefusedAfterAPurge(Reading reading) throws Exception {
        Occupant<Object> reader = reading(reading, 0, new ArrayList<>());

        Await.result(threads.submit(() -> guard.purge()));

        isRefused(reader);
    }

    @ParameterizedTest
    @EnumSource
    void purgeDoesNotWaitForAStream(Reading reading) throws Exception {
        Occupant<Object> reader = reading(reading, BEFORE, new ArrayList<>());

        Await.result(threads.submit(() -> guard.purge()));

        isRefused(reader);
        try (LockedBuffer next = guard.allocate(10)) {
            assertThat(next.isAlive()).as("the guard is usable").isTrue();
        }
    }

    private static void isRefused(Occupant<Object> reader) {
        assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(reader::leave)
                .withCauseInstanceOf(SecretClosedException.class);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "INTO_A_STREAM")
    void streamThatTakesItsTimeIsReadWhole(Reading reading) throws Exception {
        Occupant<Object> reader = reading(reading, BEFORE, new ArrayList<>());

        Object made = reader.leave();

        if (made instanceof Enclave enclave) {
            try (enclave;
                    LockedBuffer opened = enclave.open()) {
                assertThat(opened.contentEquals(pattern())).isTrue();
            }
        } else {
            try (LockedBuffer buffer = (LockedBuffer) made) {
                assertThat(buffer.contentEquals(pattern())).isTrue();
            }
        }
    }

    @Test
    void slowStreamKeepsNoWindowFromOthers() throws Exception {
        Occupant<Object> reader = reading(Reading.SEALED, BEFORE, new ArrayList<>());

        try (Enclave other = Await.result(threads.submit(() -> guard.sealRandom(10)))) {
            assertThat(other.isAlive()).isTrue();
        }

        ((Enclave) reader.leave()).close();
    }

    @Test
    void closeDoesNotWaitForAPipe(@TempDir Path directory) throws Exception {
        pipeIsLeftBehind(directory, pipe -> guard.readFully(pipe, SIZE), guard::shutDown);
    }

    @Test
    void closeDoesNotWaitForAPipeThatIsSealed(@TempDir Path directory) throws Exception {
        pipeIsLeftBehind(directory, pipe -> guard.sealFully(pipe, SIZE), guard::shutDown);
    }

    @Test
    void purgeDoesNotWaitForAPipe(@TempDir Path directory) throws Exception {
        pipeIsLeftBehind(directory, pipe -> guard.readFully(pipe, SIZE), guard::purge);
    }

    @Test
    void purgeDoesNotWaitForAPipeThatIsSealed(@TempDir Path directory) throws Exception {
        pipeIsLeftBehind(directory, pipe -> guard.sealFully(pipe, SIZE), guard::purge);
    }

    @FunctionalInterface
    private interface Ending {
        PurgeReport end();
    }

    private void pipeIsLeftBehind(Path directory, Function<Path, Object> reading, Ending ending) throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(Program.run("mkfifo", pipe.toString()).exitCode()).isZero();
        try (RandomAccessFile writer = new RandomAccessFile(pipe.toFile(), "rw");
                FileInputStream content = new FileInputStream(writer.getFD())) {
            writer.write(pattern(), 0, BEFORE);
            Future<Object> reader = threads.submit(() -> reading.apply(pipe));
            Await.until("the pipe to be empty", () -> reader.isDone() || content.available() == 0);

            PurgeReport report = Await.result(threads.submit(ending::end));

            assertThat(report.failed()).isZero();
            assertThat(reader).isNotDone();
            writer.write(pattern(), BEFORE, SIZE - BEFORE);
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> Await.result(reader))
                    .withCauseInstanceOf(SecretClosedException.class);
        }
        assertThat(guard.status().liveBuffers()).isZero();
    }

    @Test
    void pipeThatIsSealedIsReadWholeAndKeepsNoWindowFromOthers(@TempDir Path directory) throws Exception {
        Path pipe = directory.resolve("pipe");
        assertThat(Program.run("mkfifo", pipe.toString()).exitCode()).isZero();
        Future<Enclave> reader;
        try (RandomAccessFile writer = new RandomAccessFile(pipe.toFile(), "rw");
                FileInputStream content = new FileInputStream(writer.getFD())) {
            reader = threads.submit(() -> guard.sealFully(pipe, SIZE));
            writer.write(pattern(), 0, BEFORE);
            Await.until("the pipe to be empty", () -> reader.isDone() || content.available() == 0);
            Await.result(threads.submit(() -> guard.sealRandom(10))).close();
            writer.write(pattern(), BEFORE, SIZE - BEFORE);
            Await.until("the pipe to be empty", () -> reader.isDone() || content.available() == 0);
        }

        try (Enclave enclave = Await.result(reader);
                LockedBuffer opened = enclave.open()) {
            assertThat(opened.contentEquals(pattern())).isTrue();
        }
    }

    @Test
    void interruptOfAReaderIsKept() throws Exception {
        Occupant<Boolean> reader = Occupant.enter(threads, place -> {
            Thread.currentThread().interrupt();
            try (LockedBuffer buffer = guard.readFully(
                    new InputStream() {
                        private int given;

                        @Override
                        public int read() {
                            return given++ == 0 ? 1 : -1;
                        }
                    },
                    SIZE)) {
                return Thread.interrupted() && buffer.size() == 1;
            } finally {
                place.stay();
            }
        });

        assertThat(reader.leave()).isTrue();
    }
}
