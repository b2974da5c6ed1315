package io.securememory;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.securememory.memcall.FaultyMemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memguard.Enclave;
import io.securememory.memguard.EnclaveOptions;
import io.securememory.memguard.EnclaveStream;
import io.securememory.memguard.LeakDetection;
import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;
import io.securememory.testing.Await;
import io.securememory.testing.ThreadsByName;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Sessions that nobody closes, and what keeps one alive. */
class DroppedSessionTest {

    private static final byte[] BYTES = {1, 2, 3, 4, 5};

    private final FaultyMemCall memCall = new FaultyMemCall(MemCalls.system());
    private final Logger logger = (Logger) LoggerFactory.getLogger(MemGuard.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
    }

    private SecureMemory open(LeakDetection detection) {
        return SecureMemory.create(
                SecureMemoryOptions.builder()
                        .leakDetection(detection)
                        .shutdownHook(false)
                        .enclaves(EnclaveOptions.DEFAULTS.withRekeyInterval(Duration.ofMillis(1)))
                        .build(),
                memCall);
    }

    /** Not inlined into a test, whose frame could keep the session reachable. */
    private void useAndDrop(LeakDetection detection, int sealed) {
        SecureMemory session = open(detection);
        for (int i = 1; i < sealed; i++) {
            session.secrets(Storage.SEALED).create(BYTES.clone()).useBytes(view -> view.get(0));
        }
        session.memGuard().seal(BYTES.clone());
        session.secrets(Storage.PROTECTED).create(BYTES.clone()).close();
        assertThat(memCall.mapped()).isPositive();
    }

    /** What is said of sessions with so many secrets, which no other test has. */
    private List<String> warnings(int secrets) {
        return List.copyOf(log.list).stream()
                .map(ILoggingEvent::getFormattedMessage)
                .filter(message ->
                        message.startsWith("A session was dropped") && message.contains(" " + secrets + " secrets"))
                .toList();
    }

    @Test
    void isWipedGivenBackEndedAndLoggedOnceWithARemedy() {
        ThreadsByName rekeying = ThreadsByName.startedFromNowOn("securememory-rekey");
        useAndDrop(LeakDetection.ALWAYS, 191);

        Await.collected("the end of the session", () -> memCall.mapped() == 0);
        rekeying.awaitEnd();
        Await.until("the warning", () -> !warnings(191).isEmpty());

        assertThat(warnings(191)).singleElement().asString().contains("without being closed", "try-with-resources");
    }

    @Test
    void withoutLeakDetectionItsThreadEndsAndThePurgeOfAllSessionsGivesItsMemoryBack() {
        ThreadsByName rekeying = ThreadsByName.startedFromNowOn("securememory-rekey");
        useAndDrop(LeakDetection.OFF, 193);
        Await.collected("the end of the thread", () -> rekeying.alive().isEmpty());
        assertThat(memCall.mapped()).isPositive();

        SecureMemory.purgeAll();

        assertThat(memCall.mapped()).isZero();
        assertThat(warnings(193)).isEmpty();
    }

    private Secret secretOfADroppedSession(Storage storage) {
        return open(LeakDetection.ALWAYS).secrets(storage).create(BYTES.clone());
    }

    /** One more that is dropped, and found: by then the collector has looked at the other one, too. */
    private static void collectAnother() {
        FaultyMemCall another = new FaultyMemCall(MemCalls.system());
        new User(another).useAndDrop();
        Await.collected("the end of another session", () -> another.mapped() == 0);
    }

    private record User(FaultyMemCall memCall) {
        void useAndDrop() {
            SecureMemory.create(
                            SecureMemoryOptions.builder().shutdownHook(false).build(), memCall)
                    .secrets()
                    .create(BYTES.clone());
        }
    }

    private static boolean reads(Secret secret) {
        return secret.contentEquals(BYTES);
    }

    @Test
    void secretKeepsItAlive() {
        Secret sealed = secretOfADroppedSession(Storage.SEALED);
        Secret isProtected = secretOfADroppedSession(Storage.PROTECTED);
        collectAnother();

        assertThat(reads(sealed)).isTrue();
        assertThat(reads(isProtected)).isTrue();
        assertThat(reads(isProtected.copy())).isTrue();
        SecureMemory.purgeAll();
        assertThat(sealed.isClosed()).isTrue();
        assertThat(isProtected.isClosed()).isTrue();
    }

    @Test
    void expertsObjectsKeepItAlive() {
        LockedBuffer buffer = open(LeakDetection.ALWAYS).memGuard().moveFrom(BYTES.clone());
        Enclave enclave = open(LeakDetection.ALWAYS).memGuard().seal(BYTES.clone());
        EnclaveStream stream = open(LeakDetection.ALWAYS).memGuard().newStream();
        MemGuard guard = open(LeakDetection.ALWAYS).memGuard().sharingLimit();
        stream.write(BYTES.clone());
        collectAnother();

        assertThat(buffer.contentEquals(BYTES)).isTrue();
        assertThat(enclave.<Boolean, RuntimeException>withBytes(view -> view.contentEquals(BYTES)))
                .isTrue();
        LockedBuffer flushed = stream.flush();
        assertThat(flushed).isNotNull();
        assertThat(flushed.contentEquals(BYTES)).isTrue();
        assertThat(guard.moveFrom(BYTES.clone()).contentEquals(BYTES)).isTrue();
    }
}
