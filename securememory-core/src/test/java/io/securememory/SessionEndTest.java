package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memguard.Enclave;
import io.securememory.memguard.EnclaveOptions;
import io.securememory.memguard.LeakDetection;
import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;
import io.securememory.testing.Await;
import io.securememory.testing.Occupant;
import io.securememory.testing.Workers;
import java.time.Duration;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What the end of a session reaches, and how often it is tried. */
class SessionEndTest {

    private final FaultyMemCall memCall = new FaultyMemCall(MemCalls.system());

    private SecureMemory open(Duration closeTimeout) {
        return SecureMemory.create(
                SecureMemoryOptions.builder()
                        .leakDetection(LeakDetection.OFF)
                        .closeTimeout(closeTimeout)
                        .shutdownHook(false)
                        .enclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ZERO))
                        .build(),
                memCall);
    }

    private SecureMemory openWithEveryKindOfMemory() {
        SecureMemory session = open(Duration.ofSeconds(10));
        session.secrets(Storage.PROTECTED).createRandom(5);
        session.secrets(Storage.PROTECTED).createRandom(5).close();
        session.secrets(Storage.SEALED).createRandom(5);
        session.memGuard().allocate(5);
        session.memGuard().sealRandom(5);
        return session;
    }

    @Test
    void laterCloseGivesBackWhatCouldNotBeGivenBack() {
        memCall.failWhere(call -> false);
        openWithEveryKindOfMemory().close();
        assertThat(memCall.mapped()).isZero();
        int calls = memCall.calls().size();
        int failed = 0;
        for (int i = 0; i < calls; i++) {
            SecureMemory session = openWithEveryKindOfMemory();
            int number = i;
            memCall.failWhere(call -> call == number);
            session.close();
            failed += memCall.mapped() > 0 ? 1 : 0;

            session.close();

            assertThat(memCall.mapped()).as("after call %d failed", i).isZero();
            assertThat(session.status().lockedBytes()).isZero();
            memCall.failWhere(call -> false);
        }
        assertThat(failed).isPositive();
    }

    @Test
    void purgeOfAllSessionsGivesBackWhatAClosedOneCouldNot() {
        SecureMemory session = openWithEveryKindOfMemory();
        memCall.failEvery("free");
        session.close();
        assertThat(memCall.mapped()).isPositive();
        memCall.failWhere(call -> false);

        SecureMemory.purgeAll();

        assertThat(memCall.mapped()).isZero();
    }

    @Test
    void secondCloseDoesNotCutTheWaitOfTheFirstOneShort() throws Exception {
        SecureMemory session = open(Await.LIMIT);
        Secret secret = session.secrets(Storage.PROTECTED).createRandom(5);
        try (Workers workers = new Workers()) {
            Occupant<Integer> reader = Occupant.enter(
                    workers,
                    place -> secret.withBytes(view -> {
                        place.stay();
                        return view.length();
                    }));
            Future<?> closing = workers.run(session::close);
            Await.until("the close", secret::isClosed);

            session.close();

            assertThat(closing.isDone()).isFalse();
            assertThat(reader.leave()).isEqualTo(5);
            Await.result(closing);
        }
        assertThat(memCall.mapped()).isZero();
    }

    @Test
    void guardThatSharesTheLimitIsPurgedWithItsSession() {
        try (SecureMemory session = open(Duration.ofSeconds(10))) {
            MemGuard guard = session.memGuard().sharingLimit();
            LockedBuffer buffer = guard.allocate(5);
            Enclave enclave = guard.sealRandom(5);

            session.purge();
            assertThat(buffer.isAlive()).isFalse();
            assertThat(enclave.isAlive()).isFalse();

            LockedBuffer another = guard.allocate(5);
            SecureMemory.purgeAll();
            assertThat(another.isAlive()).isFalse();
        }
        assertThat(memCall.mapped()).isZero();
    }

    @Test
    void guardThatSharesTheLimitIsRefusedWithItsSession() {
        SecureMemory session = open(Duration.ofSeconds(10));
        MemGuard guard = session.memGuard().sharingLimit();
        LockedBuffer buffer = guard.allocate(5);
        session.close();
        MemGuard late = session.memGuard().sharingLimit();

        assertThat(buffer.isAlive()).isFalse();
        assertThatIllegalStateException().isThrownBy(() -> guard.allocate(5)).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(() -> late.allocate(5)).withMessageContaining("closed");
        assertThatIllegalStateException().isThrownBy(() -> late.sealRandom(5)).withMessageContaining("closed");
        assertThat(memCall.mapped()).isZero();
    }
}
