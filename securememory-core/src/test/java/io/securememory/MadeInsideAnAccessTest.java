package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.MemoryRegion;
import io.securememory.memcall.Protection;
import io.securememory.memguard.EnclaveOptions;
import io.securememory.memguard.EnclaveStream;
import io.securememory.memguard.LeakDetection;
import io.securememory.memguard.LockedBuffer;
import java.time.Duration;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is made inside an access whose end fails is closed: nobody holds it. */
class MadeInsideAnAccessTest {

    private static final byte[] BYTES = {1, 2, 3, 4, 5, 6, 7, 8};

    /** Does something as the pages of what is read are opened, or when they are to be closed. */
    private static final class AtTheEnd extends FaultyMemCall {

        private Runnable whenMade = () -> {};
        private int left;

        AtTheEnd() {
            super(MemCalls.system());
        }

        /** Before the pages of what is read are closed, when a new region was made meanwhile: the fourth such call. */
        void whenMade(Runnable action) {
            left = 4;
            whenMade = action;
        }

        @Override
        public void protect(MemoryRegion region, Protection protection) {
            if (protection == Protection.NO_ACCESS && left > 0 && --left == 0) {
                whenMade.run();
            }
            super.protect(region, protection);
        }
    }

    private final AtTheEnd memCall = new AtTheEnd();
    private final SecureMemory session = SecureMemory.create(
            SecureMemoryOptions.builder()
                    .poolMaxIdle(0)
                    .leakDetection(LeakDetection.OFF)
                    .enclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ZERO))
                    .build(),
            memCall);

    @AfterEach
    void nothingStaysBehind() {
        memCall.failWhere(call -> false);
        session.close();
        assertThat(session.status().lockedBytes()).isZero();
        assertThat(memCall.mapped()).isZero();
    }

    private void assertEndFails(ThrowingCallable making) {
        memCall.whenMade(() -> {
            throw new MemoryCallException("mprotect", 12, "ENOMEM", "No remedy.");
        });
        assertThatExceptionOfType(MemoryCallException.class).isThrownBy(making);
    }

    /** The original is protected, and what fails is to close its pages again. */
    private void assertFailing(ThrowingCallable making) {
        memCall.whenMade(() -> {});
        memCall.failEvery("protect(NO_ACCESS)");
        assertThatExceptionOfType(SecureMemoryException.class).isThrownBy(making);
        memCall.failWhere(call -> false);
        assertThat(session.status().liveEnclaves() + session.status().liveSealed())
                .isZero();
    }

    @Test
    void copyOfASecretWhosePagesCannotBeClosedIsClosed() {
        Secret secret = session.secrets().create(BYTES.clone());

        assertEndFails(secret::copy);

        assertThat(session.status().liveSecrets()).as("the original").isEqualTo(1);
    }

    @Test
    void secretOfABufferWhosePagesCannotBeClosedIsClosed() {
        LockedBuffer buffer = session.memGuard().moveFrom(BYTES.clone());

        assertEndFails(() -> session.secrets().create(buffer));

        assertThat(session.status().liveSecrets()).isZero();
        assertThat(session.status().liveBuffers()).isZero();
    }

    @Test
    void sealedSecretOfABufferThatCannotBeClosedIsClosed() {
        LockedBuffer buffer = session.memGuard().moveFrom(BYTES.clone());
        session.memGuard().prepareSealing();

        assertFailing(() -> session.secrets(Storage.SEALED).create(buffer));
    }

    @Test
    void enclaveOfABufferThatCannotBeClosedIsClosed() {
        LockedBuffer buffer = session.memGuard().moveFrom(BYTES.clone());
        session.memGuard().prepareSealing();

        assertFailing(buffer::seal);
    }

    @Test
    void partOfAStreamThatCannotBeClosedIsClosed() {
        EnclaveStream stream = session.memGuard().newStream(8);
        stream.write(new byte[] {1, 2, 3});
        session.memGuard().prepareSealing();

        assertFailing(() -> stream.inputStream().read());
    }

    @ParameterizedTest
    @EnumSource
    void copyLivesWhenTheOriginalIsClosedMeanwhile(Storage storage) {
        Function<Secret, Secret> closing = secret -> {
            memCall.whenMade(() -> {});
            return secret.withBytes(view -> {
                Secret copy = secret.copy();
                secret.close();
                return copy;
            });
        };
        Secret copy = closing.apply(session.secrets(storage).create(BYTES.clone()));

        assertThat(copy.contentEquals(BYTES)).isTrue();
        assertThat(session.status().liveSecrets()).isEqualTo(1);
    }
}
