package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.MemoryCallException;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Result;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What streams inherit leaves nothing on the heap. */
class StreamHeapTest {

    private static final int LENGTH = 1_000;

    private final SecureMemory session = SecureMemory.create();

    @AfterEach
    void close() {
        session.close();
    }

    /** Keeps the arrays that it is given, and their content of then. */
    private static final class Recorder extends OutputStream {
        private final List<byte[]> arrays = new ArrayList<>();
        private final java.io.ByteArrayOutputStream content = new java.io.ByteArrayOutputStream();

        @Override
        public void write(int value) {
            content.write(value);
        }

        @Override
        public void write(byte[] source, int offset, int length) {
            arrays.add(source);
            content.write(source, offset, length);
        }
    }

    @Test
    void noMethodOfAnyStreamLeavesACopyOnTheHeap(@TempDir Path directory) {
        Result result = ChildJvm.onTestClassPath(StreamHeapProgram.class)
                .arguments(directory.resolve("heap.hprof").toString())
                .options("-Xmx64m")
                .withNativeAccess()
                .run(directory);

        assertThat(result.output()).contains("looked for 35 needles", "found: control");
        assertThat(result.output().lines().filter(line -> line.startsWith("found: ")))
                .containsExactly("found: control");
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void streamOfASecretReadsTheRestWholeOrInPart(Storage storage) throws IOException {
        byte[] bytes = LockedBufferContract.pattern(LENGTH);
        try (Secret secret = session.secrets(storage).create(bytes.clone())) {
            InputStream in = secret.newInputStream();
            assertThat(in.readNBytes(0)).isEmpty();
            assertThat(in.readNBytes(10)).containsExactly(java.util.Arrays.copyOf(bytes, 10));
            in.skipNBytes(5);
            assertThat(in.readAllBytes()).containsExactly(java.util.Arrays.copyOfRange(bytes, 15, LENGTH));
            assertThat(in.readAllBytes()).isEmpty();
            assertThat(in.readNBytes(3)).isEmpty();
            Assertions.assertThatIllegalArgumentException()
                    .isThrownBy(() -> in.readNBytes(-1))
                    .withMessageContaining("-1");
        }
    }

    @Test
    void arraysOfATransferAreWiped() throws IOException {
        byte[] bytes = LockedBufferContract.pattern(10_000);
        Recorder recorder = new Recorder();
        try (EnclaveStream stream = session.memGuard().newStream(3_000)) {
            stream.write(bytes.clone());
            assertThat(stream.inputStream().transferTo(recorder)).isEqualTo(bytes.length);
        }

        assertThat(recorder.content.toByteArray()).isEqualTo(bytes);
        assertThat(recorder.arrays)
                .isNotEmpty()
                .allSatisfy(array -> assertThat(array).containsOnly(0));
    }

    @Test
    void arrayOfATransferIsWipedWhenTheTargetFails() throws IOException {
        List<byte[]> arrays = new ArrayList<>();
        try (EnclaveStream stream = session.memGuard().newStream(100)) {
            stream.write(LockedBufferContract.pattern(LENGTH));
            Assertions.assertThatIOException()
                    .isThrownBy(() -> stream.inputStream().transferTo(new OutputStream() {
                        @Override
                        public void write(int value) {}

                        @Override
                        public void write(byte[] source, int offset, int length) throws IOException {
                            arrays.add(source);
                            throw new IOException("full");
                        }
                    }));
        }

        assertThat(arrays).hasSize(1);
        assertThat(arrays.get(0)).containsOnly(0);
    }

    @Test
    void arrayThatASourceIsReadThroughIsWiped() throws IOException {
        byte[] bytes = LockedBufferContract.pattern(10_000);
        List<byte[]> arrays = new ArrayList<>();
        InputStream source = new ByteArrayInputStream(bytes) {
            @Override
            public int read(byte[] target) {
                arrays.add(target);
                return read(target, 0, target.length);
            }
        };
        try (EnclaveStream stream = session.memGuard().newStream(3_000)) {
            assertThat(stream.transferFrom(source)).isEqualTo(bytes.length);
            assertThat(stream.inputStream().readAllBytes()).isEqualTo(bytes);
        }

        assertThat(arrays).isNotEmpty().allSatisfy(array -> assertThat(array).containsOnly(0));
    }

    @Test
    void skippingPassesOverPartsThatAreSealedOpenAndPending() throws IOException {
        byte[] bytes = LockedBufferContract.pattern(950);
        try (EnclaveStream stream = session.memGuard().newStream(100)) {
            stream.write(bytes.clone());
            InputStream in = stream.inputStream();
            int before = session.memGuard().status().liveBuffers();

            assertThat(in.skip(300)).isEqualTo(300);
            assertThat(session.memGuard().status().liveBuffers())
                    .as("whole parts are not opened")
                    .isEqualTo(before);
            assertThat(in.read()).isEqualTo(bytes[300] & 0xFF);
            assertThat(in.skip(-1)).isZero();
            assertThat(in.skip(600)).isEqualTo(600);
            assertThat(in.readNBytes(9)).containsExactly(java.util.Arrays.copyOfRange(bytes, 901, 910));
            assertThat(in.skip(Long.MAX_VALUE)).isEqualTo(40);
            assertThat(in.skip(1)).isZero();
            assertThat(stream.size()).isZero();
        }
    }

    @Test
    void closedStreamGivesAndSkipsNothing() {
        EnclaveStream stream = session.memGuard().newStream(100);
        stream.write(new byte[10]);
        stream.close();

        for (ThrowingCall call : List.<ThrowingCall>of(
                in -> in.readAllBytes(),
                in -> in.readNBytes(1),
                in -> in.skip(1),
                in -> in.transferTo(OutputStream.nullOutputStream()))) {
            Assertions.assertThatExceptionOfType(SecretClosedException.class)
                    .isThrownBy(() -> call.on(stream.inputStream()));
        }
    }

    @FunctionalInterface
    private interface ThrowingCall {
        void on(InputStream in) throws IOException;
    }

    /** An array that is shorter than asked for means the end. */
    @Test
    void partThatCannotBeOpenedIsNoEnd() throws IOException {
        FaultyMemCall memCall = new FaultyMemCall(MemCalls.system());
        MemGuard guard = MemGuard.create(
                memCall,
                MemGuardOptions.DEFAULTS
                        .withMaxIdle(0)
                        .withEnclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ZERO)));
        EnclaveStream stream = guard.newStream(8);
        stream.write(LockedBufferContract.pattern(16));
        memCall.failWhere(call -> true);

        Assertions.assertThatExceptionOfType(MemoryCallException.class)
                .isThrownBy(() -> stream.inputStream().readNBytes(12))
                .withMessageContaining("Injected");

        memCall.failWhere(call -> false);
        assertThat(stream.size()).isEqualTo(8);
        assertThat(stream.inputStream().readAllBytes())
                .containsExactly(java.util.Arrays.copyOfRange(LockedBufferContract.pattern(16), 8, 16));
        guard.shutDown();
        assertThat(memCall.mapped()).isZero();
    }
}
