package io.securememory.jca.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.securememory.MemoryLimitException;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecretView;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryOptions;
import io.securememory.Storage;
import io.securememory.crypto.StackProbe;
import io.securememory.testing.Await;
import io.securememory.testing.Effort;
import io.securememory.testing.Workers;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.AEADBadTagException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Purges, limits, threads and the end of the stack: the right result or an exception, and nothing left behind. */
class SecretKeyEngineSafetyTest {

    private static final String ENGINES = "io.securememory.jca.engine.SecretKeyEngines#named";

    private static final byte[] NONCE = new byte[24];
    private static final byte[] NOTHING = new byte[0];
    private static final byte[] TEXT = new byte[40_000];
    private static final int ROUNDS = Effort.of("engine.purges", 20, 500);
    private static final int THREADS = 3;

    private final SecureMemory session = SecureMemory.create();

    @AfterEach
    void closeSession() {
        session.close();
    }

    private static byte[] encrypt(SecretKeyEngine engine, SecretView key) {
        return engine.encrypt(AeadCipher.XAES_256_GCM, key, new AeadMessage(NONCE, NOTHING, TEXT, 0, TEXT.length));
    }

    private static byte[] decrypt(SecretKeyEngine engine, SecretView key, byte[] sealed) throws AEADBadTagException {
        return engine.decrypt(AeadCipher.XAES_256_GCM, key, new AeadMessage(NONCE, NOTHING, sealed, 0, sealed.length));
    }

    @ParameterizedTest
    @MethodSource(ENGINES)
    void afterAPurgeNothingIsComputed(SecretKeyEngine engine) {
        for (Storage storage : Storage.values()) {
            Secret key = session.secrets(storage).createRandom(32);
            assertThatExceptionOfType(SecretClosedException.class)
                    .isThrownBy(() -> key.withBytes(view -> {
                        session.purge(Duration.ZERO);
                        return encrypt(engine, view);
                    }));
            Secret other = session.secrets(storage).createRandom(32);
            assertThatExceptionOfType(SecretClosedException.class)
                    .isThrownBy(() -> other.withBytes(view -> {
                        session.purge(Duration.ZERO);
                        return engine.hmac(Digest.SHA_256, view, TEXT, TEXT.length);
                    }));
        }
    }

    @ParameterizedTest
    @MethodSource(ENGINES)
    void aPurgeDuringTheComputationVoidsItsResult(SecretKeyEngine engine) {
        for (Storage storage : Storage.values()) {
            Secret key = session.secrets(storage).createRandom(32);
            Hkdf derivation = new Hkdf(Digest.SHA_256, NOTHING, NOTHING, 32);
            assertThatExceptionOfType(SecretClosedException.class)
                    .isThrownBy(() -> key.<Boolean, RuntimeException>withBytes(
                            view -> engine.hkdf(derivation, view, (memory, at, length) -> {
                                session.purge(Duration.ZERO);
                                return true;
                            })));
        }
    }

    /** Returns how often the key could be used. */
    private static int computeUntilPurged(SecretKeyEngine engine, Secret key, byte[] expected, byte[] signature)
            throws Exception {
        int done = 0;
        while (true) {
            try {
                assertThat(key.<byte[], RuntimeException>withBytes(view -> encrypt(engine, view)))
                        .isEqualTo(expected);
                assertThat(key.<byte[], AEADBadTagException>withBytes(view -> decrypt(engine, view, expected)))
                        .isEqualTo(TEXT);
                assertThat(key.<byte[], RuntimeException>withBytes(
                                view -> engine.hmac(Digest.SHA_512, view, TEXT, TEXT.length)))
                        .isEqualTo(signature);
                done++;
            } catch (SecretClosedException e) {
                return done;
            }
        }
    }

    /** Whatever a purge meets, the result is the right one, or there is none. */
    @ParameterizedTest
    @MethodSource(ENGINES)
    void purgesWhileThreadsComputeChangeNoResult(SecretKeyEngine engine) throws Exception {
        byte[] bytes = new byte[32];
        byte[] expected = session.secrets().create(bytes.clone()).withBytes(view -> encrypt(engine, view));
        byte[] signature = session.secrets()
                .create(bytes.clone())
                .<byte[], RuntimeException>withBytes(view -> engine.hmac(Digest.SHA_512, view, TEXT, TEXT.length));
        AtomicInteger computed = new AtomicInteger();
        try (Workers workers = new Workers()) {
            for (int round = 0; round < ROUNDS; round++) {
                Secret key = session.secrets(Storage.values()[round % 2]).create(bytes.clone());
                AtomicInteger begun = new AtomicInteger();
                List<Future<Integer>> running = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    running.add(workers.submit(() -> {
                        begun.incrementAndGet();
                        return computeUntilPurged(engine, key, expected, signature);
                    }));
                }
                Await.until("all threads", () -> begun.get() == THREADS);
                session.purge(Duration.ZERO);
                for (Future<Integer> each : running) {
                    computed.addAndGet(Await.result(each));
                }
            }
        }
        assertThat(session.status().liveSecrets()).isZero();
    }

    @ParameterizedTest
    @MethodSource(ENGINES)
    void aLongTextNeedsFourPagesOnlyIfTheyAreThere(SecretKeyEngine engine) throws Exception {
        byte[] expected = session.secrets().create(new byte[32]).withBytes(view -> encrypt(engine, view));
        long page = 4096;
        for (int pages = 3; pages <= 8; pages++) {
            SecureMemoryOptions tight = SecureMemoryOptions.builder()
                    .storage(Storage.SEALED)
                    .lockLimitBytes(pages * page)
                    .build();
            try (SecureMemory small = SecureMemory.create(tight)) {
                Secret key = small.secrets().create(new byte[32]);
                try {
                    assertThat(key.<byte[], RuntimeException>withBytes(view -> encrypt(engine, view)))
                            .isEqualTo(expected);
                    assertThat(key.<byte[], AEADBadTagException>withBytes(view -> decrypt(engine, view, expected)))
                            .isEqualTo(TEXT);
                } catch (MemoryLimitException e) {
                    assertThat(pages)
                            .as("two pages for the key of the session, and two windows")
                            .isLessThan(4);
                }
            }
        }
    }

    /** A view of a class that is not this library's has no guarded memory. */
    @ParameterizedTest
    @MethodSource(ENGINES)
    void keysOfOtherLibrariesAreRefused(SecretKeyEngine engine) {
        SecretView foreign = (SecretView) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {SecretView.class}, (proxy, method, arguments) -> 32);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> encrypt(engine, foreign))
                .withMessageContaining("SecretFactory");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.hmac(Digest.SHA_256, foreign, TEXT, TEXT.length))
                .withMessageContaining("SecretFactory");
    }

    @ParameterizedTest
    @MethodSource(ENGINES)
    void theEndOfTheStackLeavesNothingInUse(SecretKeyEngine engine) {
        Secret key = session.secrets(Storage.SEALED).create(new byte[32]);
        byte[] expected = key.withBytes(view -> encrypt(engine, view));
        byte[] signature =
                key.<byte[], RuntimeException>withBytes(view -> engine.hmac(Digest.SHA_256, view, TEXT, 100));
        Descent descent = new Descent(engine, key, signature);
        Thread thread = new Thread(null, descent, "deep", 512 * 1024);
        thread.setDaemon(true);
        thread.start();
        Await.end(thread);

        assertThat(descent.overflows).isPositive();
        assertThat(descent.wrong).isZero();
        assertThat(key.<byte[], RuntimeException>withBytes(view -> encrypt(engine, view)))
                .isEqualTo(expected);
        key.close();
        session.close();
        assertThat(session.status().lockedBytes()).isZero();
    }

    /** Computes at every depth down to the end of the stack. */
    private static final class Descent implements Runnable {

        private final SecretKeyEngine engine;
        private final Secret key;
        private final byte[] expected;
        private int overflows;
        private int wrong;

        Descent(SecretKeyEngine engine, Secret key, byte[] expected) {
            this.engine = engine;
            this.key = key;
            this.expected = expected;
        }

        @Override
        public void run() {
            for (int i = 0; i < 5; i++) {
                descend(i);
            }
        }

        private int descend(int shift) {
            try {
                return shift > 0 ? descend(shift - 1) : computeAndDescend();
            } catch (StackOverflowError e) {
                overflows++;
                return 0;
            }
        }

        private int computeAndDescend() {
            StackProbe.touchForSeveral();
            byte[] made = key.<byte[], RuntimeException>withBytes(view -> engine.hmac(Digest.SHA_256, view, TEXT, 100));
            int same = 0;
            for (int i = 0; i < made.length; i++) {
                same += made[i] == expected[i] ? 1 : 0;
            }
            if (same != expected.length) {
                wrong++;
            }
            return 1 + computeAndDescend();
        }
    }
}
