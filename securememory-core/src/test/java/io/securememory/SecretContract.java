package io.securememory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.memcall.NativeAccess;
import io.securememory.testing.Await;
import io.securememory.testing.OnEverySystem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a secret must do, whatever way native code is called. */
@OnEverySystem
abstract class SecretContract {

    private static final byte[] BYTES = "correct horse battery staple".getBytes(UTF_8);

    private final SecureMemory session = SecureMemory.create(SecureMemoryOptions.builder()
            .nativeAccess(access())
            .storage(storage())
            .build());
    private final Secret secret = session.secrets().create(BYTES.clone());

    abstract NativeAccess access();

    Storage storage() {
        return Storage.PROTECTED;
    }

    @AfterEach
    void closeSession() {
        session.close();
        assertThat(session.status().liveSecrets()).isZero();
        assertThat(session.status().lockedBytes()).isZero();
    }

    @Test
    void viewReadsTheBytes() {
        byte[] copy = new byte[BYTES.length + 2];
        ByteBuffer heap = ByteBuffer.allocate(5);

        secret.useBytes(view -> {
            assertThat(view.length()).isEqualTo(BYTES.length);
            assertThat(view.get(3)).isEqualTo(BYTES[3]);
            view.copyTo(0, copy, 1, BYTES.length);
            assertThat(view.copyTo(heap)).isEqualTo(5);
            assertThat(view.contentEquals(BYTES)).isTrue();
            assertThat(view.contentEquals(copy)).isFalse();
        });

        assertThat(copy).startsWith(0, BYTES[0]).endsWith(BYTES[BYTES.length - 1], 0);
        assertThat(heap.flip()).isEqualTo(ByteBuffer.wrap(BYTES, 0, 5));
    }

    @Test
    void viewChecksBounds() {
        secret.useBytes(view -> {
            for (int index : new int[] {-1, BYTES.length, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
                assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> view.get(index));
            }
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> view.copyTo(1, new byte[100], 0, BYTES.length));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> view.copyTo(0, new byte[4], 0, 5));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> view.copyTo(0, new byte[4], 0, -1));
        });
    }

    @Test
    void bufferOfAViewIsDirectReadOnlyAndComplete() throws IOException {
        ByteArrayOutputStream written = new ByteArrayOutputStream();

        secret.useBytes(view -> {
            ByteBuffer buffer = view.asByteBuffer();
            assertThat(buffer.isDirect()).isTrue();
            assertThat(buffer.isReadOnly()).isTrue();
            assertThat(buffer).isEqualTo(ByteBuffer.wrap(BYTES));
            buffer.position(7);
            assertThat(view.asByteBuffer().position()).isZero();
            assertThat(view.writeTo(Channels.newChannel(written))).isEqualTo(BYTES.length);
        });

        assertThat(written.toByteArray()).isEqualTo(BYTES);
    }

    @Test
    void escapedViewThrows() {
        AtomicReference<SecretView> escaped = new AtomicReference<>();
        secret.useBytes(escaped::set);
        SecretView view = escaped.get();

        assertThatIllegalStateException().isThrownBy(() -> view.get(0)).withMessageContaining("ended");
        assertThatIllegalStateException().isThrownBy(() -> view.copyTo(0, new byte[1], 0, 1));
        assertThatIllegalStateException().isThrownBy(() -> view.copyTo(ByteBuffer.allocate(1)));
        assertThatIllegalStateException().isThrownBy(view::asByteBuffer);
        assertThatIllegalStateException().isThrownBy(() -> view.contentEquals(BYTES));
        assertThatIllegalStateException()
                .isThrownBy(() -> view.writeTo(Channels.newChannel(new ByteArrayOutputStream())));
    }

    @Test
    void escapedViewStaysDeadInsideALaterAccessOfTheSameThread() {
        List<SecretView> escaped = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            secret.useBytes(current -> {
                assertThat(current.get(0)).isEqualTo(BYTES[0]);
                assertThat(escaped)
                        .doesNotContain(current)
                        .allSatisfy(view -> assertThatIllegalStateException()
                                .isThrownBy(() -> view.get(0))
                                .withMessageContaining("ended"));
                escaped.add(current);
            });
        }
    }

    @Test
    void escapedBufferThrowsOrReadsZerosAlsoAfterTheSecretIsClosed() {
        AtomicReference<ByteBuffer> escaped = new AtomicReference<>();
        secret.useBytes(view -> escaped.set(view.asByteBuffer().slice(1, 8)));

        assertThat(readsNothing(escaped.get())).isTrue();
        secret.close();
        assertThat(readsNothing(escaped.get())).isTrue();
    }

    private static boolean readsNothing(ByteBuffer buffer) {
        try {
            return buffer.equals(ByteBuffer.allocate(buffer.remaining()));
        } catch (IllegalStateException e) {
            return true;
        }
    }

    @Test
    void viewIsRefusedToOtherThreads() {
        secret.useBytes(view -> assertThatExceptionOfType(ExecutionException.class)
                .isThrownBy(() -> Await.result(CompletableFuture.supplyAsync(() -> view.get(0))))
                .withCauseInstanceOf(IllegalStateException.class));
    }

    @Test
    void closedSecretThrowsEverywhere() {
        secret.close();
        secret.close();

        assertThat(secret.isClosed()).isTrue();
        assertThat(secret.length()).isEqualTo(BYTES.length);
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> secret.useBytes(view -> {}));
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> secret.withHeapBytes(bytes -> 1));
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> secret.withHeapChars(chars -> 1));
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> secret.withKey("AES", key -> 1));
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> secret.contentEquals(BYTES));
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(secret::copy);
        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(() -> secret.newInputStream().read());
    }

    @Test
    void heapCopiesAreWipedWhenTheActionEnds() {
        AtomicReference<byte[]> bytes = new AtomicReference<>();
        AtomicReference<char[]> chars = new AtomicReference<>();

        secret.withHeapBytes(copy -> {
            assertThat(copy).isEqualTo(BYTES);
            bytes.set(copy);
            return null;
        });
        assertThatIllegalArgumentException()
                .isThrownBy(() -> secret.withHeapChars(copy -> {
                    assertThat(copy).isEqualTo(new String(BYTES, UTF_8).toCharArray());
                    chars.set(copy);
                    throw new IllegalArgumentException("from the action");
                }));

        assertThat(bytes.get()).hasSize(BYTES.length).containsOnly(0);
        assertThat(chars.get()).hasSize(BYTES.length).containsOnly('\0');
    }

    @Test
    void keyWorksInsideAndIsDeadOutside() throws GeneralSecurityException {
        AtomicReference<SecretKey> escaped = new AtomicReference<>();
        AtomicReference<byte[]> encoded = new AtomicReference<>();

        byte[] mac = secret.<byte[], GeneralSecurityException>withKey("HmacSHA256", key -> {
            escaped.set(key);
            encoded.set(key.getEncoded());
            assertThat(key.getAlgorithm()).isEqualTo("HmacSHA256");
            assertThat(key.getFormat()).isEqualTo("RAW");
            Mac hmac = Mac.getInstance("HmacSHA256");
            hmac.init(key);
            return hmac.doFinal(new byte[] {1, 2, 3});
        });

        Mac expected = Mac.getInstance("HmacSHA256");
        expected.init(new SecretKeySpec(BYTES, "HmacSHA256"));
        assertThat(mac).isEqualTo(expected.doFinal(new byte[] {1, 2, 3}));
        assertThat(encoded.get()).containsOnly(0);
        assertThat(escaped.get().isDestroyed()).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> escaped.get().getEncoded());
    }

    @Test
    void nothingIsSerializableOrShown() {
        secret.withKey("AES", key -> {
            assertThatExceptionOfType(NotSerializableException.class).isThrownBy(() -> serialize(key));
            assertThat(key.toString()).isEqualTo("SecretKey[AES]");
            return null;
        });
        assertThatExceptionOfType(NotSerializableException.class).isThrownBy(() -> serialize(secret));
        assertThat(secret).hasToString("Secret[length=28, " + storage() + "]");
        assertThat(secret).isNotEqualTo(session.secrets().create(BYTES.clone()));
    }

    private static void serialize(Object object) throws IOException {
        try (ObjectOutputStream out = new ObjectOutputStream(new ByteArrayOutputStream())) {
            out.writeObject(object);
        }
    }

    @Test
    void copyLivesOnItsOwn() {
        Secret copy = secret.copy();

        assertThat(copy.contentEquals(secret)).isTrue();
        secret.close();
        assertThat(copy.contentEquals(BYTES)).isTrue();
    }

    @Test
    void streamReadsAllBytes() throws IOException {
        assertThat(secret.newInputStream().readAllBytes()).isEqualTo(BYTES);
        try (var in = secret.newInputStream()) {
            assertThat(in.skip(8)).isEqualTo(8);
            assertThat(in.read()).isEqualTo(BYTES[8]);
            assertThat(in.available()).isEqualTo(BYTES.length - 9);
            assertThat(in.skip(1000)).isEqualTo(BYTES.length - 9);
            assertThat(in.read()).isEqualTo(-1);
        }
    }

    @Test
    void accessNestsAndComparesInBothDirections() {
        Secret other = session.secrets().create(BYTES.clone());
        Secret longer = session.secrets().createRandom(BYTES.length + 1);

        assertThat(secret.contentEquals(other)).isTrue();
        assertThat(secret.contentEquals(secret)).isTrue();
        assertThat(secret.contentEquals(longer)).isFalse();
        assertThat((int) secret.<Integer, RuntimeException>withBytes(
                        outer -> secret.withBytes(inner -> outer.get(0) ^ inner.get(0))))
                .isZero();
    }

    @Test
    void fileIsWrittenFromAndReadIntoNativeMemory(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("key");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            secret.useBytes(view -> view.writeTo(channel));
        }

        assertThat(Files.readAllBytes(file)).isEqualTo(BYTES);
        assertThat(session.secrets().read(file).contentEquals(secret)).isTrue();
        Arrays.stream(new int[] {1, 511, 512, 513, 100_000}).forEach(size -> {
            byte[] content = new byte[size];
            Arrays.fill(content, (byte) size);
            content[size - 1] = 1;
            var in = new java.io.ByteArrayInputStream(content);
            assertThat(session.secrets().read(in, 100_000).contentEquals(content))
                    .isTrue();
        });
    }
}
