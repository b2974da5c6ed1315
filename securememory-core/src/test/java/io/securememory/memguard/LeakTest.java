package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.securememory.memcall.MemCalls;
import io.securememory.testing.Await;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LeakTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(MemGuard.class);
    private final Log log = new Log();

    /** Events come from the thread of the cleaner, and of whatever other tests have left open. */
    private static final class Log extends AppenderBase<ILoggingEvent> {
        private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            events.add(event);
        }

        /** What is said of buffers of a size that no other test has. */
        List<ILoggingEvent> ofSize(int size) {
            return events.stream()
                    .filter(event -> event.getFormattedMessage().contains(" of " + size + " bytes"))
                    .toList();
        }
    }

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
        logger.setAdditive(false);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setAdditive(true);
    }

    private static MemGuard guard(LeakDetection detection) {
        return MemGuard.create(
                MemCalls.system(),
                MemGuardOptions.DEFAULTS.withLeakDetection(detection).withMaxIdle(0));
    }

    /** Not inlined into a test, whose frame could keep the buffer reachable. */
    private static void forgetBuffers(MemGuard guard, int count, int size) {
        for (int i = 0; i < count; i++) {
            assertThat(guard.moveFrom(LockedBufferContract.pattern(size)).isAlive())
                    .isTrue();
        }
    }

    private static void collectUntilLeaked(MemGuard guard, int count) {
        Await.collected(count + " leaks", () -> guard.status().leakedTotal() >= count);
        assertThat(guard.status().leakedTotal()).isEqualTo(count);
    }

    @Test
    void unreachableOpenBufferIsWipedReleasedCountedAndLoggedWithItsOrigin() {
        MemGuard guard = guard(LeakDetection.ALWAYS);
        forgetBuffers(guard, 3, 733);

        collectUntilLeaked(guard, 3);
        Await.until("3 messages", () -> log.ofSize(733).size() >= 3);

        assertThat(guard.status().liveBuffers()).isZero();
        assertThat(guard.status().lockedBytes()).isZero();
        assertThat(log.ofSize(733)).hasSize(3).allSatisfy(event -> {
            assertThat(event.getFormattedMessage()).contains("without being closed");
            assertThat(event.getThrowableProxy().getStackTraceElementProxyArray())
                    .anyMatch(frame ->
                            frame.getStackTraceElement().getMethodName().equals("forgetBuffers"));
        });
    }

    @Test
    void sampledDetectionWipesAllAndKeepsTheOriginOfSome() {
        MemGuard guard = guard(LeakDetection.SAMPLED);
        forgetBuffers(guard, 65, 734);

        collectUntilLeaked(guard, 65);
        Await.until("65 messages", () -> log.ofSize(734).size() >= 65);

        assertThat(guard.status().liveBuffers()).isZero();
        assertThat(log.ofSize(734))
                .hasSize(65)
                .filteredOn(event -> event.getThrowableProxy() != null)
                .hasSize(2);
    }

    @Test
    void closedAndPurgedBuffersAreNoLeaks() {
        MemGuard guard = guard(LeakDetection.ALWAYS);
        guard.allocate(1).close();
        LockedBuffer purged = guard.allocate(1);
        guard.purge();
        assertThat(purged.isAlive()).isFalse();
        forgetBuffers(guard, 1, 32);

        collectUntilLeaked(guard, 1);
    }

    @Test
    void bufferInsideAnActionIsNotALeakThoughNobodyElseHoldsIt() {
        MemGuard guard = guard(LeakDetection.ALWAYS);

        boolean intact = guard.moveFrom(LockedBufferContract.pattern(32)).withBytes(view -> {
            forgetBuffers(guard, 1, 32);
            collectUntilLeaked(guard, 1);
            return view.contentEquals(LockedBufferContract.pattern(32));
        });

        assertThat(intact).isTrue();
        guard.shutDown();
    }

    @Test
    void detectionThatIsOffLeavesBuffersToThePurge() {
        MemGuard watching = guard(LeakDetection.ALWAYS);
        MemGuard off = guard(LeakDetection.OFF);
        forgetBuffers(off, 1, 32);
        forgetBuffers(watching, 1, 32);

        collectUntilLeaked(watching, 1);

        assertThat(off.status().liveBuffers()).isEqualTo(1);
        assertThat(off.purge().wiped()).isEqualTo(1);
    }
}
