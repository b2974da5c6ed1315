package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.ProtectionReport.State;
import io.securememory.memcall.Pages;
import io.securememory.memguard.LeakDetection;
import io.securememory.memguard.LockPolicy;
import io.securememory.memguard.LockedBuffer;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecureMemoryTest {

    /** What is dropped is counted later: no collection may close it. */
    private static SecureMemoryOptions.Builder keepingWhatIsDropped() {
        return SecureMemoryOptions.builder().leakDetection(LeakDetection.OFF);
    }

    @Test
    void statusCountsSecretsBuffersAndLockedPages() {
        SecureMemoryOptions withoutPool = keepingWhatIsDropped().poolMaxIdle(0).build();
        try (SecureMemory session = SecureMemory.create(withoutPool)) {
            int page = Pages.SIZE;
            Secret one = session.secrets().createRandom(32);
            session.secrets(Storage.PROTECTED).createRandom(page + 900);
            LockedBuffer buffer = session.memGuard().allocate(1);

            SecureMemoryStatus status = session.status();
            assertThat(status.liveSecrets()).isEqualTo(2);
            assertThat(status.liveProtected()).isEqualTo(2);
            assertThat(status.liveBuffers()).isEqualTo(1);
            assertThat(status.lockedBytes()).isEqualTo((4L + 3) * page);
            assertThat(status.createdTotal()).isEqualTo(3);
            assertThat(status.closedTotal()).isZero();
            assertThat(status.nativeAccess()).isEqualTo(Runtime.version().feature() >= 22 ? "ffm" : "jna");
            assertThat(status.backing()).isEqualTo("anonymous");

            one.close();
            buffer.close();
            assertThat(session.status().liveSecrets()).isEqualTo(1);
            assertThat(session.status().liveBuffers()).isZero();
            assertThat(session.status().lockedBytes()).isEqualTo((2L + 3) * page);
            assertThat(session.status().closedTotal()).isEqualTo(2);
        }
    }

    @Test
    void purgeWipesEverythingAndTheSessionStaysUsable() {
        try (SecureMemory session = SecureMemory.create()) {
            Secret secret = session.secrets().createRandom(32);
            LockedBuffer buffer = session.memGuard().allocate(8);

            PurgeReport report = session.purge();

            assertThat(report.wiped()).isEqualTo(2);
            assertThat(report.bytes()).isEqualTo(40);
            assertThat(report.deferred()).isZero();
            assertThat(report.failed()).isZero();
            assertThat(report.nanoseconds()).isPositive();
            assertThat(secret.isClosed()).isTrue();
            assertThat(buffer.isAlive()).isFalse();
            assertThat(session.secrets().createRandom(4).length()).isEqualTo(4);
            assertThat(session.status().purgesTotal()).isEqualTo(1);
        }
    }

    @Test
    void closedSessionRefusesNewSecrets() {
        SecureMemory session = SecureMemory.create();
        Secret secret = session.secrets().createRandom(1);
        session.close();
        session.close();

        assertThat(secret.isClosed()).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(() -> session.secrets().createRandom(1))
                .withMessageContaining("closed");
        byte[] source = {1, 2, 3};
        assertThatIllegalStateException().isThrownBy(() -> session.secrets().create(source));
        assertThat(source).containsOnly(0);
        assertThat(session.status().lockedBytes()).isZero();
    }

    @Test
    void sessionsDoNotTouchEachOther() {
        try (SecureMemory mine = SecureMemory.create()) {
            Secret secret = mine.secrets().create(new byte[] {1});
            try (SecureMemory other = SecureMemory.create(keepingWhatIsDropped().build())) {
                other.secrets().createRandom(1);
                assertThat(other.purge().wiped()).isEqualTo(1);
            }
            assertThat(secret.contentEquals(new byte[] {1})).isTrue();
        }
    }

    @Test
    void purgeAllReachesEverySession() {
        try (SecureMemory one = SecureMemory.create();
                SecureMemory two = SecureMemory.create()) {
            Secret first = one.secrets().createRandom(3);
            Secret second = two.secrets().createRandom(4);

            assertThat(SecureMemory.purgeAll().bytes()).isGreaterThanOrEqualTo(7);

            assertThat(first.isClosed()).isTrue();
            assertThat(second.isClosed()).isTrue();
        }
    }

    @Test
    void protectionsAreConfirmedByTheKernel() {
        try (SecureMemory session = SecureMemory.create()) {
            ProtectionReport report = session.protection();

            assertThat(report.isComplete()).isTrue();
            List<ProtectionReport.Item> tried = report.items().subList(0, 5);
            assertThat(tried)
                    .extracting(ProtectionReport.Item::name)
                    .containsExactly(
                            "memory-lock", "dump-exclusion", "fork-exclusion", "guard-pages", "no-access-at-rest");
            assertThat(tried).allSatisfy(item -> {
                assertThat(item.state()).isEqualTo(State.ACTIVE);
                assertThat(item.detail()).startsWith("In force: ").contains("The kernel confirms it");
                assertThat(item.remedy()).isEmpty();
            });
            assertThat(report.kernelFlags().split(" "))
                    .contains("lo", "dd", "wf")
                    .doesNotContain("rd", "wr");
        }
    }

    @Test
    void anyCloseTimeoutIsGoodForClosing() {
        SecureMemoryOptions forEver = SecureMemoryOptions.builder()
                .closeTimeout(Duration.ofSeconds(Long.MAX_VALUE))
                .build();
        SecureMemory session = SecureMemory.create(forEver);
        Secret closed = session.secrets().createRandom(1);
        Secret open = session.secrets().createRandom(1);

        closed.close();
        session.close();

        assertThat(open.isClosed()).isTrue();
        assertThat(session.status().lockedBytes()).isZero();
    }

    @Test
    void secretKeepsItsSessionInReachOfPurgeAll() {
        List<WeakReference<SecureMemory>> sessions = new ArrayList<>();
        Secret secret = secretOfANewSession(sessions);
        for (int i = 0; i < 3; i++) {
            System.gc();
        }

        SecureMemory.purgeAll();

        assertThat(secret.isClosed()).isTrue();
        SecureMemory session = sessions.get(0).get();
        assertThat(session).isNotNull();
        session.close();
    }

    private static Secret secretOfANewSession(List<WeakReference<SecureMemory>> sessions) {
        SecureMemory session = SecureMemory.create();
        sessions.add(new WeakReference<>(session));
        return session.secrets().createRandom(1);
    }

    @Test
    void lockPolicyOffIsReportedAsOff() {
        SecureMemoryOptions off =
                SecureMemoryOptions.builder().lockPolicy(LockPolicy.OFF).build();
        try (SecureMemory session = SecureMemory.create(off)) {
            session.secrets().createRandom(1);

            assertThat(session.status().lockedBytes()).isZero();
            assertThat(session.protection().items().get(0).state()).isEqualTo(State.OFF);
        }
    }

    @Test
    void settingsOutOfRangeAreRefusedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> SecureMemoryOptions.builder().lockLimitBytes(-2).build())
                .withMessageContaining("lockLimitBytes is -2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SecureMemoryOptions.builder()
                        .closeTimeout(Duration.ofMillis(-1))
                        .build())
                .withMessageContaining("closeTimeout is -1 ms");
    }
}
