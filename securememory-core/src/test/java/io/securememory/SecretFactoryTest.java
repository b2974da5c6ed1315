package io.securememory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.securememory.SecretSourceException.Reason;
import io.securememory.memcall.Pages;
import io.securememory.memguard.LeakDetection;
import io.securememory.memguard.LockedBuffer;
import io.securememory.testing.Await;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretFactoryTest {

    private static final String MARKER = "marker-of-the-content";

    private final SecureMemory session = SecureMemory.create(
            SecureMemoryOptions.builder().leakDetection(LeakDetection.OFF).build());
    private final SecretFactory factory = session.secrets();

    @AfterEach
    void nothingIsHalfMade() {
        long live = session.status().liveSecrets();
        session.close();
        assertThat(session.status().liveSecrets()).isZero();
        assertThat(session.status().lockedBytes())
                .as("after closing %d secrets", live)
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "ascii only", "hällo", "€uro", "\u07ff\u0800\uffff", "😀 and 😁", "\0"})
    void charactersBecomeUtf8AndTheSourceIsWiped(String text) {
        char[] source = text.toCharArray();

        Secret secret = factory.create(source);

        assertThat(secret.contentEquals(text.getBytes(UTF_8))).isTrue();
        assertThat(source).containsOnly('\0');
        assertThat(secret.<String, RuntimeException>withHeapChars(String::new)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab\ud83d", "ab\ude00c", "ab\ud83dx", "ab\ud83d\ud83d"})
    void loneSurrogatesAreRefusedByIndexAndTheSourceIsWiped(String text) {
        char[] source = text.toCharArray();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> factory.create(source))
                .withMessageContaining("index 2");
        assertThat(source).containsOnly('\0');
        assertThat(session.status().liveSecrets()).isZero();
    }

    @Test
    void buffersAreReadFromPositionToLimitAndWipedThere() {
        byte[] array = {9, 1, 2, 3, 9};
        ByteBuffer heap = ByteBuffer.wrap(array).position(1).limit(4);
        ByteBuffer direct =
                ByteBuffer.allocateDirect(3).put(new byte[] {1, 2, 3}).flip();
        ByteBuffer readOnly = ByteBuffer.wrap(new byte[] {1, 2, 3}).asReadOnlyBuffer();

        assertThat(factory.create(heap).contentEquals(new byte[] {1, 2, 3})).isTrue();
        assertThat(factory.create(direct).contentEquals(new byte[] {1, 2, 3})).isTrue();
        assertThat(factory.create(readOnly).contentEquals(new byte[] {1, 2, 3})).isTrue();

        assertThat(array).containsExactly(9, 0, 0, 0, 9);
        assertThat(heap.hasRemaining()).isFalse();
        assertThat(direct.flip()).isEqualTo(ByteBuffer.allocate(3));
        assertThat(readOnly.hasRemaining()).isFalse();
    }

    @Test
    void lockedBufferIsTakenOverAndClosed() {
        LockedBuffer buffer = session.memGuard().moveFrom(new byte[] {1, 2, 3});

        Secret secret = factory.create(buffer);

        assertThat(secret.contentEquals(new byte[] {1, 2, 3})).isTrue();
        assertThat(buffer.isAlive()).isFalse();
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> factory.create(buffer));
    }

    @Test
    void copyOfABufferThatCannotBeClosedIsClosedToo() throws ExecutionException {
        SecureMemoryOptions impatient = SecureMemoryOptions.builder()
                .closeTimeout(java.time.Duration.ofMillis(10))
                .build();
        try (SecureMemory other = SecureMemory.create(impatient)) {
            LockedBuffer buffer = other.memGuard().moveFrom(new byte[] {1});
            int read = buffer.<Integer, ExecutionException>withBytes(view -> {
                Await.result(CompletableFuture.runAsync(() -> assertThatExceptionOfType(CloseTimeoutException.class)
                        .isThrownBy(() -> other.secrets().create(buffer))));
                return (int) view.get(0);
            });
            assertThat(read).isEqualTo(1);
            assertThat(other.status().liveSecrets()).isZero();
        }
    }

    @Test
    void emptySourcesAndLengthsOutOfRangeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> factory.create(new byte[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> factory.create(new char[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> factory.create(ByteBuffer.allocate(0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> factory.createRandom(-1))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException().isThrownBy(() -> factory.createRandom(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> factory.read(InputStream.nullInputStream(), 0))
                .withMessageContaining("maxSize is 0");
        assertThat(session.status().liveSecrets()).isZero();
    }

    @Test
    void unusableFilesAreNamedWithTheReasonAndNotTheirContent(@TempDir Path directory) throws IOException {
        Path missing = directory.resolve("missing");
        Path empty = Files.createFile(directory.resolve("empty"));

        refuses(Reason.MISSING, missing);
        refuses(Reason.EMPTY, empty);
        refuses(Reason.UNREADABLE, directory);
    }

    private void refuses(Reason reason, Path file) {
        assertThatExceptionOfType(SecretSourceException.class)
                .isThrownBy(() -> factory.read(file))
                .withMessageContaining(file.toString())
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
        assertThat(session.status().liveSecrets()).isZero();
        assertThat(session.status().lockedBytes()).isEqualTo((session.status().idleRegions() + 3L) * Pages.SIZE);
    }

    @Test
    void fileLargerThanTheLockLimitLeavesTheOthersAlone(@TempDir Path directory) throws IOException {
        Path large = Files.writeString(directory.resolve("large"), MARKER.repeat(Pages.SIZE / 4));
        try (SecureMemory small = SecureMemory.create(
                SecureMemoryOptions.builder().lockLimitBytes(2L * Pages.SIZE).build())) {
            Secret before = small.secrets().create(MARKER.getBytes(UTF_8));

            assertThatExceptionOfType(MemoryLimitException.class)
                    .isThrownBy(() -> small.secrets().read(large))
                    .satisfies(e -> {
                        assertThat(e.limitBytes()).isEqualTo(2L * Pages.SIZE);
                        assertThat(e.lockedBytes()).isEqualTo(Pages.SIZE);
                        assertThat(e).hasMessageNotContaining(MARKER);
                    });
            assertThat(before.contentEquals(MARKER.getBytes(UTF_8))).isTrue();
        }
    }

    @Test
    void fileWhoseSizeIsUnknownIsReadToItsEnd() {
        byte[] expected =
                factory.read(Path.of("/proc/self/limits")).<byte[], RuntimeException>withHeapBytes(byte[]::clone);

        assertThat(new String(expected, UTF_8))
                .startsWith("Limit")
                .contains("Max locked memory")
                .endsWith("\n");
    }

    @Test
    void fileOfAnotherFileSystemIsRead(@TempDir Path directory) throws IOException {
        URI archive = URI.create("jar:" + directory.resolve("a.zip").toUri());
        try (FileSystem zip = FileSystems.newFileSystem(archive, Map.of("create", "true"))) {
            Path file = Files.writeString(zip.getPath("key"), MARKER.repeat(100));

            assertThat(factory.read(file).contentEquals(MARKER.repeat(100).getBytes(UTF_8)))
                    .isTrue();
        }
    }

    @Test
    void streamsEndWithinTheirLimitOrAreRefused() {
        assertThat(factory.read(new ByteArrayInputStream(new byte[100]), 100).length())
                .isEqualTo(100);
        assertThatExceptionOfType(SecretSourceException.class)
                .isThrownBy(() -> factory.read(new ByteArrayInputStream(new byte[101]), 100))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
        assertThatExceptionOfType(SecretSourceException.class)
                .isThrownBy(() -> factory.read(InputStream.nullInputStream(), 100))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.EMPTY));
        assertThat(session.status().liveSecrets()).isEqualTo(1);
    }

    @Test
    void failingStreamIsNamedAndLeavesNothing() {
        InputStream failing = new InputStream() {
            private int count;

            @Override
            public int read() throws IOException {
                if (count++ >= 700) {
                    throw new IOException(MARKER);
                }
                return 'x';
            }
        };

        assertThatExceptionOfType(SecretSourceException.class)
                .isThrownBy(() -> factory.read(failing, 10_000))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNREADABLE))
                .withMessageNotContaining(MARKER);
        assertThat(session.status().liveSecrets()).isZero();
    }
}
