package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.SecretClosedException;
import io.securememory.SecretView;
import io.securememory.crypto.HashFunction;
import io.securememory.crypto.Hmac;
import io.securememory.crypto.LibCrypto;
import io.securememory.crypto.LibDigests;
import io.securememory.crypto.StackProbe;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memguard.internal.ComputingView;
import io.securememory.testing.Await;
import io.securememory.testing.Effort;
import io.securememory.testing.OnceInShortForm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whatever is begun at the end of the stack ends, or changes nothing: no page, no window and no share of the limit is lost,
 * and nobody is counted inside for ever.
 */
@OnceInShortForm
class EndOfStackTest {

    private static final int ROUNDS = Effort.of("overflow.rounds", 10, 60);
    private static final int SUCCESSES = 10;

    /** From one depth to the next, in frames. */
    private static final int STEP = 5;

    private static final int MOST_WINDOWS = 3;

    private final FaultyMemCall memCall = new FaultyMemCall(MemCalls.system());
    private final MemGuard guard = MemGuard.create(
            memCall,
            MemGuardOptions.DEFAULTS
                    .withMaxIdle(0)
                    .withLeakDetection(LeakDetection.OFF)
                    .withCloseTimeout(Duration.ofSeconds(5))
                    .withEnclaves(EnclaveOptions.DEFAULTS
                            .withRekeyInterval(Duration.ZERO)
                            .withMaxWindows(MOST_WINDOWS)
                            .withWhenExhausted(WindowExhaustion.WAIT)));
    private final LockedBuffer buffer = guard.moveFrom(LockedBufferContract.pattern(32));
    private final LockedBuffer mutable = guard.allocate(32);
    private final Enclave enclave = guard.seal(LockedBufferContract.pattern(32));
    private final EnclaveStream stream = guard.newStream(8);
    private final List<AutoCloseable> made = new ArrayList<>(10_000);

    /** What is done at the end of the stack. */
    private enum Use {
        READ(test -> test.buffer.withBytes(view -> view)),
        WRITE(test -> {
            test.mutable.mutate(view -> view.put(0, (byte) 1));
            return test;
        }),
        FREEZE_AND_MELT(test -> {
            test.mutable.freeze();
            test.mutable.melt();
            return test;
        }),
        READ_SEALED(test -> test.enclave.withBytes(view -> view)),
        SIGN(test -> test.buffer.withBytes(EndOfStackTest::sign)),
        SIGN_SEALED(test -> test.enclave.withBytes(EndOfStackTest::sign)),
        OPEN(test -> test.keep(test.enclave.open())),
        ALLOCATE(test -> test.keep(test.guard.allocate(32))),
        FILL(test -> test.keep(test.guard.random(32))),
        SEAL(test -> test.keep(test.guard.sealRandom(32))),
        SEAL_A_BUFFER(test -> {
            LockedBuffer next = test.guard.allocate(32);
            test.made.add(next);
            return test.keep(next.seal());
        }),
        WRITE_TO_A_STREAM(test -> {
            test.stream.outputStream().write(LockedBufferContract.pattern(13));
            return test;
        }),
        READ_FROM_A_STREAM(test -> {
            test.stream.outputStream().write(LockedBufferContract.pattern(13));
            return test.stream.inputStream().read(new byte[11]);
        }),
        CLOSE(test -> {
            LockedBuffer next = test.guard.allocate(32);
            test.made.add(next);
            next.close();
            return next;
        });

        private final Action use;

        Use(Action use) {
            this.use = use;
        }
    }

    @FunctionalInterface
    private interface Action {
        Object on(EndOfStackTest test) throws IOException;
    }

    /** As {@link io.securememory.HmacSha256} does. */
    private static byte[] sign(SecretView view) {
        StackProbe.touchForSeveral();
        ComputingView key = (ComputingView) view;
        LibCrypto library = key.library();
        LibDigests digests = library == null ? null : library.digests();
        byte[] message = new byte[100];
        return key.compute(
                Hmac.workSize(digests, HashFunction.SHA_256, message.length),
                (memory, at) ->
                        Hmac.compute(digests, HashFunction.SHA_256, memory, at, key::copyTo, key.length(), message));
    }

    private AutoCloseable keep(AutoCloseable closeable) {
        made.add(closeable);
        return closeable;
    }

    /** Loads and links: a class whose initializer meets the end of the stack stays unusable for all tests that follow. */
    @BeforeEach
    void useOnce() throws Exception {
        for (Use use : Use.values()) {
            use.use.on(this);
        }
        closeAll();
        assertThatExceptionOfType(StackOverflowError.class)
                .isThrownBy(() -> buffer.withBytes(view -> {
                    throw new StackOverflowError();
                }));
        MemGuard other = MemGuard.create(MemCalls.system(), MemGuardOptions.DEFAULTS);
        Enclave purged = other.sealRandom(1);
        other.allocate(1);
        other.shutDown();
        assertThatExceptionOfType(SecretClosedException.class).isThrownBy(purged::open);
    }

    private void closeAll() throws Exception {
        for (AutoCloseable each : made) {
            each.close();
        }
        made.clear();
        long left = stream.size();
        assertThat(stream.inputStream().readAllBytes())
                .as("what it says it has")
                .hasSize((int) left);
    }

    @AfterEach
    void nothingStaysBehind() {
        guard.shutDown();
        assertThat(guard.status().lockedBytes()).isZero();
        assertThat(memCall.mapped()).isZero();
    }

    private int succeeded;
    private int overflows;

    /** On the way back from the end of the stack, until it has succeeded some times. Nothing may throw anything else. */
    private void useAtEveryDepth(int depth, Use use) {
        try {
            useAtEveryDepth(depth + 1, use);
        } catch (StackOverflowError e) {
            overflows++;
        }
        if (depth % STEP == 0 && succeeded < SUCCESSES) {
            try {
                use.use.on(this);
                succeeded++;
            } catch (StackOverflowError e) {
                overflows++;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** From a start that shifts with each round, as frames have different sizes. */
    private void shifted(int frames, Use use) {
        if (frames > 0) {
            shifted(frames - 1, use);
        } else {
            useAtEveryDepth(0, use);
        }
    }

    @ParameterizedTest
    @EnumSource
    void nothingIsLost(Use use) throws Exception {
        long locked = guard.status().lockedBytes();
        int mapped = memCall.mapped();
        Throwable[] failure = new Throwable[1];
        Thread thread = new Thread(
                null,
                () -> {
                    for (int round = 0; round < ROUNDS; round++) {
                        succeeded = 0;
                        shifted(round, use);
                    }
                },
                "deep",
                400 * 1024);
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((any, e) -> failure[0] = e);
        thread.start();
        Await.end(thread);

        assertThat(failure[0]).isNull();
        assertThat(overflows).isPositive();
        closeAll();
        assertThat(guard.status().lockedBytes()).isEqualTo(locked);
        assertThat(memCall.mapped()).isEqualTo(mapped);
        assertThat(guard.status().enclaves().windows()).isEqualTo(1);
        assertThat(guard.status().enclaves().live()).isEqualTo(1);
        assertThat(guard.status().liveBuffers()).isEqualTo(2);
        everythingCanBeUsedAndClosed();
    }

    private void everythingCanBeUsedAndClosed() {
        assertThat(buffer.contentEquals(LockedBufferContract.pattern(32))).isTrue();
        mutable.mutate(view -> view.put(0, (byte) 2));
        boolean same = enclave.withBytes(view -> view.contentEquals(LockedBufferContract.pattern(32)));
        assertThat(same).isTrue();
        SealingProbe.assertWindowsAreIdleAndHoldZeros(guard);
        buffer.close();
        mutable.close();
        enclave.close();
        assertThat(guard.status().liveBuffers()).isZero();
        assertThat(guard.status().enclaves().live()).isZero();
    }
}
