package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MutableView;
import io.securememory.testing.Await;
import io.securememory.testing.Effort;
import io.securememory.testing.Seed;
import io.securememory.testing.Workers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import javax.crypto.Cipher;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A purge that does not wait wipes what is being read: nobody is shown a wiped byte as if it were the secret's. */
class PurgedUnderAnActionTest {

    private static final int PURGES = Effort.of("purged.purges", 20, 200);
    private static final int LARGE = 300_000;
    private static final byte[] BYTES = bytes(32);

    private final SecureMemory session = SecureMemory.create();
    private final SecureMemory other = SecureMemory.create();
    private final Workers threads = new Workers();

    @AfterEach
    void end() {
        threads.close();
        session.close();
        other.close();
        assertThat(session.status().liveSecrets()).isZero();
        assertThat(session.status().liveBuffers()).isZero();
        assertThat(session.status().lockedBytes()).isZero();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i % 100 + 1);
        }
        return bytes;
    }

    private Secret secret(Storage storage) {
        return session.secrets(storage).create(BYTES.clone());
    }

    /** Inside an access it waits for nobody. */
    private void purge() {
        assertThat(session.purge(Duration.ZERO).failed()).isZero();
    }

    private static void assertRefused(ThrowingCallable use) {
        assertThatExceptionOfType(SecretClosedException.class)
                .isThrownBy(use)
                .withMessageContaining("purged")
                .withNoCause();
    }

    private void assertEveryReadIsRefused(SecretView view) {
        byte[] array = BYTES.clone();
        ByteBuffer heap = ByteBuffer.wrap(BYTES.clone()).position(3);
        ByteBuffer direct = ByteBuffer.allocateDirect(64).put(BYTES).position(5);
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        assertRefused(() -> view.get(0));
        assertRefused(() -> view.get(view.length() - 1));
        assertRefused(() -> view.copyTo(0, array, 2, 30));
        assertRefused(() -> view.copyTo(heap));
        assertRefused(() -> view.copyTo(direct));
        assertRefused(view::asByteBuffer);
        assertRefused(() -> view.contentEquals(BYTES));
        assertRefused(() -> view.contentEquals(new byte[32]));
        assertRefused(() -> view.contentEquals(new byte[1]));
        assertRefused(() -> view.writeTo(Channels.newChannel(out)));

        assertThat(array).startsWith(1, 2, 0, 0).endsWith(new byte[30]);
        assertThat(heap.position()).isEqualTo(3);
        assertThat(heap.array()).startsWith(1, 2, 3, 0, 0).endsWith(new byte[29]);
        assertThat(direct.position()).isEqualTo(5);
        assertThat(direct.get(4)).isEqualTo((byte) 5);
        assertThat(direct.get(5)).isZero();
        assertThat(out.size()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void everyReadOfAViewThrows(Storage storage) {
        Secret secret = secret(storage);

        assertRefused(() -> secret.useBytes(view -> {
            assertThat(view.get(0)).isEqualTo((byte) 1);
            purge();
            assertEveryReadIsRefused(view);
        }));
    }

    @Test
    void everyReadOfABufferThrows() {
        LockedBuffer buffer = session.memGuard().moveFrom(BYTES.clone());

        assertRefused(() -> buffer.withBytes(view -> {
            purge();
            assertEveryReadIsRefused(view);
            return null;
        }));
    }

    @Test
    void everyReadAndWriteOfABufferThatIsWrittenThrows() {
        LockedBuffer buffer = session.memGuard().allocate(32);
        LockedBuffer target = other.memGuard().allocate(32);

        assertRefused(() -> buffer.mutate(view -> {
            view.copyFrom(0, BYTES, 0, 32);
            purge();
            assertEveryReadIsRefused(view);
            assertEveryWriteIsRefused(view);
            assertThatExceptionOfType(SecretClosedException.class).isThrownBy(buffer::scramble);
            assertThatExceptionOfType(SecretClosedException.class).isThrownBy(buffer::wipe);
            target.mutate(copy -> {
                copy.copyFrom(0, BYTES, 0, 32);
                assertRefused(() -> copy.copyFrom(4, view, 0, 8));
                assertThat(copy.get(3)).isEqualTo((byte) 4);
                assertThat(copy.get(4)).as("what was copied is taken back").isZero();
                assertThat(copy.get(12)).isEqualTo((byte) 13);
            });
        }));
        target.close();
    }

    private static void assertEveryWriteIsRefused(MutableView view) {
        ByteBuffer source = ByteBuffer.wrap(BYTES.clone());
        assertRefused(() -> view.put(0, (byte) 1));
        assertRefused(() -> view.copyFrom(0, BYTES, 0, 32));
        assertRefused(() -> view.copyFrom(0, source));
        assertRefused(() -> view.copyFrom(0, view, 0, 1));
        assertThat(source.position()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void whatIsMadeOfAPurgedSecretIsRefused(Storage storage) {
        Secret secret = secret(storage);

        assertRefused(() -> secret.useBytes(view -> {
            purge();
            assertThatExceptionOfType(SecretClosedException.class).isThrownBy(secret::copy);
            assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> secret.contentEquals(BYTES));
            assertThatExceptionOfType(SecretClosedException.class)
                    .isThrownBy(() -> secret.newInputStream().read());
            LockedBuffer made = session.memGuard().allocate(32);
            assertRefused(() -> made.mutate(target -> target.copyFrom(0, view, 0, 32)));
            assertThat(made.contentEquals(new byte[32])).isTrue();
            made.close();
            assertRefused(() -> session.memGuard().seal(32, target -> target.copyFrom(0, view, 0, 32)));
        }));
    }

    @ParameterizedTest
    @EnumSource
    void purgedBufferIsNotSealed(Storage storage) {
        LockedBuffer buffer = session.memGuard().moveFrom(BYTES.clone());

        assertRefused(() -> buffer.withBytes(view -> {
            purge();
            assertThatExceptionOfType(SecretClosedException.class).isThrownBy(buffer::seal);
            return assertThatExceptionOfType(SecretClosedException.class)
                    .isThrownBy(() -> session.secrets(storage).create(buffer));
        }));
        assertThat(session.status().liveSecrets()).isZero();
        assertThat(session.status().liveEnclaves()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void keyIsDestroyed(Storage storage) {
        Secret secret = secret(storage);
        List<byte[]> copies = new ArrayList<>();

        assertRefused(() -> secret.withKey("AES", key -> {
            copies.add(key.getEncoded());
            assertThat(copies.get(0)).isEqualTo(BYTES);
            assertThat(key.isDestroyed()).isFalse();
            purge();

            assertThat(key.isDestroyed()).isTrue();
            assertRefused(key::getEncoded);
            assertThat(copies.get(0)).as("what was handed out before").containsOnly(0);
            Cipher cipher = Cipher.getInstance("AES/ECB/NoPadding");
            assertRefused(() -> cipher.init(Cipher.ENCRYPT_MODE, key));
            return null;
        }));
    }

    /** Whatever threads ask: a view tells its own thread only. */
    @Test
    void keyThatIsAliveTellsOtherThreadsSo() {
        Secret secret = secret(Storage.PROTECTED);
        boolean destroyed = secret.withKey("AES", key -> {
            try {
                return Await.result(threads.submit(key::isDestroyed));
            } catch (java.util.concurrent.ExecutionException e) {
                throw new AssertionError(e);
            }
        });
        assertThat(destroyed).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void writingToAChannelEndsWithThePieceThatAPurgeMet(Storage storage) {
        Secret secret = secret(storage);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        WritableByteChannel purging = new WritableByteChannel() {
            @Override
            public int write(ByteBuffer source) {
                for (int i = 0; i < 8; i++) {
                    out.write(source.get());
                }
                purge();
                return 8;
            }

            @Override
            public boolean isOpen() {
                return true;
            }

            @Override
            public void close() {}
        };

        assertRefused(() -> secret.useBytes(view -> {
            assertRefused(() -> view.writeTo(purging));
            assertThat(out.toByteArray()).isEqualTo(Arrays.copyOf(BYTES, 8));
        }));
    }

    /** Copies again and again while a purge comes: each copy is whole, or refused and taken back. */
    @ParameterizedTest
    @EnumSource
    void copyThatAPurgeMeetsIsWholeOrRefused(Storage storage) throws Exception {
        java.util.Random random = Seed.random("purges of a secret that is copied");
        byte[] expected = bytes(LARGE);
        for (int i = 0; i < PURGES; i++) {
            Secret secret = session.secrets(storage).create(bytes(LARGE));
            CountDownLatch inside = new CountDownLatch(1);
            Future<Boolean> copying = threads.submit(() -> isRefused(secret, inside, expected));
            Await.open("the reader", inside);
            LockSupport.parkNanos(random.nextInt(300_000));
            purge();
            assertThat(Await.result(copying)).isTrue();
        }
    }

    private static boolean isRefused(Secret secret, CountDownLatch inside, byte[] expected) {
        byte[] target = new byte[LARGE];
        try {
            secret.useBytes(view -> {
                inside.countDown();
                while (!Thread.currentThread().isInterrupted()) {
                    view.copyTo(0, target, 0, LARGE);
                    assertThat(Arrays.equals(target, expected)).isTrue();
                    assertThat(view.contentEquals(expected)).isTrue();
                    assertThat(view.get(LARGE - 1)).isEqualTo(expected[LARGE - 1]);
                }
            });
            return false;
        } catch (SecretClosedException e) {
            return Arrays.equals(target, expected) || Arrays.equals(target, new byte[LARGE]);
        }
    }
}
