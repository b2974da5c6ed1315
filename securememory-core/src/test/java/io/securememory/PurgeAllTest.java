package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.memguard.Enclave;
import io.securememory.testing.Await;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Result;
import io.securememory.testing.Workers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ends several sessions at once: in a child, as it would end those of other tests, too. */
class PurgeAllTest {

    /** Each session has a reader that stays, and something that is idle. */
    @ParameterizedTest
    @ValueSource(strings = {"purgeAll", "shutdown"})
    void whatIsIdleInAnySessionIsWipedBeforeAnyReaderIsWaitedFor(String how) {
        Result result = ChildJvm.onTestClassPath(Child.class)
                .options("-Xmx64m", "-Dhow=" + how)
                .quickStart()
                .withNativeAccess()
                .run();

        assertThat(result.output()).contains("idle ones are gone, readers are waited for: true");
        assertThat(result.exitCode()).as(result.output()).isZero();
    }

    /** The child. */
    static final class Child {

        /** Longer than anybody waits for what is idle. */
        private static final Duration TIMEOUT = Await.LIMIT.multipliedBy(2);

        private static final int SESSIONS = 4;

        private Child() {}

        public static void main(String[] arguments) {
            List<SecureMemory> sessions = new ArrayList<>();
            List<Secret> idle = new ArrayList<>();
            List<Enclave> sealed = new ArrayList<>();
            Workers workers = new Workers();
            for (int i = 0; i < SESSIONS; i++) {
                SecureMemory session = SecureMemory.create(SecureMemoryOptions.builder()
                        .closeTimeout(TIMEOUT)
                        .shutdownHook(true)
                        .build());
                sessions.add(session);
                stay(workers, session.secrets(Storage.PROTECTED).createRandom(32));
                stay(workers, session.secrets(Storage.SEALED).createRandom(32));
                idle.add(session.secrets(Storage.PROTECTED).createRandom(32));
                sealed.add(session.memGuard().sealRandom(32));
            }
            boolean atShutdown = System.getProperty("how").equals("shutdown");
            Future<?> ending = workers.run(atShutdown ? LiveSessions::closeAtShutdown : SecureMemory::purgeAll);
            Await.until(
                    "the end of what is idle",
                    () -> idle.stream().allMatch(Secret::isClosed)
                            && sealed.stream().noneMatch(Enclave::isAlive));
            System.out.println("idle ones are gone, readers are waited for: " + !ending.isDone());
            System.out.flush();
            Runtime.getRuntime().halt(sessions.size() - SESSIONS);
        }

        private static void stay(Workers workers, Secret secret) {
            CountDownLatch inside = new CountDownLatch(1);
            workers.run(() -> secret.useBytes(view -> {
                inside.countDown();
                Await.open("the end of this process", new CountDownLatch(1));
            }));
            Await.open("a reader", inside);
        }
    }
}
