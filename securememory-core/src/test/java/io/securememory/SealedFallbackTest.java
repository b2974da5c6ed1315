package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.memcall.Pages;
import io.securememory.memguard.LeakDetection;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Protected secrets when the lock limit is reached: sealed instead, or refused. */
class SealedFallbackTest {

    private static final int PAGE = Pages.SIZE;

    /** Enough for the session to set three pages aside for sealing. */
    private static final int PAGES = 8;

    private static final int PROTECTED = PAGES - 3;

    private final List<SecureMemory> sessions = new ArrayList<>();
    private final SecureMemory session = session(WhenLimitReached.SEAL);
    private final List<Secret> neighbours = new ArrayList<>();

    private SecureMemory session(WhenLimitReached what) {
        SecureMemory opened = SecureMemory.create(SecureMemoryOptions.builder()
                .lockLimitBytes((long) PAGES * PAGE)
                .poolMaxIdle(0)
                .leakDetection(LeakDetection.OFF)
                .whenLimitReached(what)
                .build());
        sessions.add(opened);
        return opened;
    }

    @AfterEach
    void nothingStaysBehind() {
        for (int i = 0; i < neighbours.size(); i++) {
            assertThat(neighbours.get(i).contentEquals(pattern(i + 1))).isTrue();
            assertThat(neighbours.get(i).storage()).isEqualTo(Storage.PROTECTED);
        }
        for (SecureMemory each : sessions) {
            each.close();
            assertThat(each.status().liveSecrets()).isZero();
            assertThat(each.status().lockedBytes()).isZero();
        }
    }

    private static byte[] pattern(int size) {
        byte[] bytes = new byte[size];
        for (int i = 0; i < size; i++) {
            bytes[i] = (byte) (i * 31 + 7);
        }
        return bytes;
    }

    /** Takes the pages there are, but for so many. */
    private void fillUpTo(SecureMemory target, int pages, int free) {
        while (neighbours.size() < pages - free) {
            neighbours.add(target.secrets().create(pattern(neighbours.size() + 1)));
        }
    }

    private void isSealed(Function<SecretFactory, Secret> maker, byte[] expected) {
        long before = session.status().degradedTotal();
        long sealed = session.status().liveSealed();

        Secret secret = maker.apply(session.secrets(Storage.PROTECTED));

        assertThat(secret.storage()).isEqualTo(Storage.SEALED);
        assertThat(secret.length()).isEqualTo(expected.length);
        assertThat(secret.contentEquals(expected)).isTrue();
        assertThat(session.status().degradedTotal()).isEqualTo(before + 1);
        assertThat(session.status().liveSealed()).isEqualTo(sealed + 1);
        assertThat(session.status().liveProtected()).isEqualTo(neighbours.size());
        assertThat(session.status().lockedBytes()).isEqualTo((long) PAGES * PAGE);
    }

    @Test
    void everySourceIsSealedAtTheLimit(@TempDir Path directory) throws IOException {
        fillUpTo(session, PROTECTED, 0);
        Path file = Files.write(directory.resolve("secret"), pattern(1000));
        byte[] moved = pattern(100);
        char[] characters = "correct horse".toCharArray();
        ByteBuffer buffer = ByteBuffer.wrap(pattern(50));

        isSealed(factory -> factory.create(moved), pattern(100));
        isSealed(
                factory -> factory.create(characters),
                "correct horse".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        isSealed(factory -> factory.create(buffer), pattern(50));
        isSealed(factory -> factory.read(file), pattern(1000));
        isSealed(factory -> factory.read(new ByteArrayInputStream(pattern(2000)), 5000), pattern(2000));

        assertThat(moved).containsOnly(0);
        assertThat(characters).containsOnly('\0');
        assertThat(buffer.hasRemaining()).isFalse();
        assertThat(buffer.array()).containsOnly(0);
    }

    @Test
    void randomSecretIsSealedAtTheLimitAndCopiesAreTrue() {
        fillUpTo(session, PROTECTED, 0);

        Secret random = session.secrets().createRandom(32);
        Secret copyOfProtected = neighbours.get(4).copy();

        assertThat(random.storage()).isEqualTo(Storage.SEALED);
        assertThat(random.contentEquals(new byte[32])).isFalse();
        assertThat(copyOfProtected.storage()).isEqualTo(Storage.SEALED);
        assertThat(copyOfProtected.contentEquals(neighbours.get(4))).isTrue();
        assertThat(session.status().degradedTotal()).isEqualTo(2);
    }

    @Test
    void secretsAreProtectedAgainOnceThereIsRoom() {
        fillUpTo(session, PROTECTED, 0);
        Secret sealed = session.secrets().create(pattern(9));
        assertThat(sealed.storage()).isEqualTo(Storage.SEALED);

        neighbours.remove(PROTECTED - 1).close();

        try (Secret next = session.secrets().create(pattern(9))) {
            assertThat(next.storage()).isEqualTo(Storage.PROTECTED);
            assertThat(next.contentEquals(sealed)).isTrue();
        }
        sealed.close();
        assertThat(session.status().liveSealed()).isZero();
        assertThat(session.status().degradedTotal()).isEqualTo(1);
    }

    @Test
    void limitIsAFailureWhereTheOptionsSaySo(@TempDir Path directory) throws IOException {
        SecureMemory strict = session(WhenLimitReached.FAIL);
        fillUpTo(strict, PAGES, 0);
        Path file = Files.write(directory.resolve("secret"), pattern(1000));
        byte[] source = pattern(10);
        SecretFactory factory = strict.secrets();

        assertThatExceptionOfType(MemoryLimitException.class).isThrownBy(() -> factory.create(source));
        assertThatExceptionOfType(MemoryLimitException.class).isThrownBy(() -> factory.createRandom(1));
        assertThatExceptionOfType(MemoryLimitException.class).isThrownBy(() -> factory.read(file));
        assertThatExceptionOfType(MemoryLimitException.class)
                .isThrownBy(() -> factory.read(new ByteArrayInputStream(pattern(10)), 10));

        assertThat(source).containsOnly(0);
        assertThat(strict.status().liveSealed()).isZero();
        assertThat(strict.status().sealingWindows()).isZero();
        assertThat(strict.status().degradedTotal()).isZero();
    }

    /** Tells how much was taken out of it. */
    private static final class CountedInput extends ByteArrayInputStream {
        CountedInput(int size) {
            super(pattern(size));
        }

        int taken() {
            return pos;
        }
    }

    @Test
    void streamThatMetTheLimitHalfWayIsNeverCutOff() {
        fillUpTo(session, PROTECTED, 1);
        for (int size : new int[] {100, 512, 513, 3000, 10_000}) {
            CountedInput input = new CountedInput(size);

            assertThatExceptionOfType(MemoryLimitException.class)
                    .as("%d bytes", size)
                    .isThrownBy(() -> session.secrets().read(input, 20_000));

            assertThat(input.taken()).isPositive();
            assertThat(session.status().liveSealed()).isZero();
            assertThat(session.status().liveProtected()).isEqualTo(neighbours.size());
        }
        assertThat(session.status().degradedTotal()).isZero();
    }

    @Test
    void fileThatMeetsTheLimitIsReadAgainFromItsStart(@TempDir Path directory) throws IOException {
        fillUpTo(session, PROTECTED, 1);
        Path small = Files.write(directory.resolve("small"), pattern(3000));
        Secret fits = session.secrets().read(small);
        assertThat(fits.storage()).isEqualTo(Storage.PROTECTED);
        assertThat(fits.contentEquals(pattern(3000))).isTrue();

        Secret sealed = session.secrets().read(small);

        assertThat(sealed.storage()).isEqualTo(Storage.SEALED);
        assertThat(sealed.contentEquals(pattern(3000))).isTrue();
    }

    @Test
    void failureOfTheSourceIsNotTakenForTheLimit(@TempDir Path directory) {
        fillUpTo(session, PROTECTED, 0);
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("broken");
            }
        };

        assertThatExceptionOfType(SecretSourceException.class)
                .isThrownBy(() -> session.secrets().read(broken, 10));
        assertThatExceptionOfType(SecretSourceException.class)
                .isThrownBy(() -> session.secrets().read(directory.resolve("missing")));
        assertThatExceptionOfType(SecretSourceException.class)
                .isThrownBy(() -> session.secrets().read(new ByteArrayInputStream(new byte[0]), 10))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(SecretSourceException.Reason.EMPTY));
        assertThatExceptionOfType(SecretSourceException.class)
                .isThrownBy(() -> session.secrets().read(new ByteArrayInputStream(pattern(11)), 10))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(SecretSourceException.Reason.TOO_LARGE));

        assertThat(Arrays.asList(session.status().liveSealed(), session.status().degradedTotal()))
                .containsOnly(0L);
    }

    @Test
    void purgeEndsSealedAndProtectedSecretsAlike() {
        fillUpTo(session, PROTECTED, 0);
        Secret sealed = session.secrets().create(pattern(9));

        PurgeReport report = session.purge();

        assertThat(report.wiped()).isEqualTo(PROTECTED + 1);
        assertThat(sealed.isClosed()).isTrue();
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> sealed.contentEquals(pattern(9)));
        assertThat(neighbours).allMatch(Secret::isClosed);
        neighbours.clear();
        assertThat(session.secrets().create(pattern(9)).storage()).isEqualTo(Storage.PROTECTED);
    }
}
