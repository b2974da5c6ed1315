package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.securememory.memcall.MemCalls;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(60)
class LeakTest {

    private final Logger logger = (Logger) LoggerFactory.getLogger(MemGuard.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

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
    private static void forgetBuffers(MemGuard guard, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(guard.moveFrom(LockedBufferContract.pattern(32)).isAlive())
                    .isTrue();
        }
    }

    private static void collectUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            System.gc();
            Thread.onSpinWait();
        }
    }

    @Test
    void unreachableOpenBufferIsWipedReleasedCountedAndLoggedWithItsOrigin() {
        MemGuard guard = guard(LeakDetection.ALWAYS);
        forgetBuffers(guard, 3);

        collectUntil(() -> guard.status().leakedTotal() == 3 && log.list.size() == 3);

        assertThat(guard.status().liveBuffers()).isZero();
        assertThat(guard.status().lockedBytes()).isZero();
        assertThat(log.list).allSatisfy(event -> {
            assertThat(event.getFormattedMessage()).contains("32 bytes").contains("without being closed");
            assertThat(event.getThrowableProxy().getStackTraceElementProxyArray())
                    .anyMatch(frame ->
                            frame.getStackTraceElement().getMethodName().equals("forgetBuffers"));
        });
    }

    @Test
    void sampledDetectionWipesAllAndKeepsTheOriginOfSome() {
        MemGuard guard = guard(LeakDetection.SAMPLED);
        forgetBuffers(guard, 65);

        collectUntil(() -> guard.status().leakedTotal() == 65 && log.list.size() == 65);

        assertThat(guard.status().liveBuffers()).isZero();
        assertThat(log.list)
                .filteredOn(event -> event.getThrowableProxy() != null)
                .hasSize(2);
    }

    @Test
    void closedAndPurgedBuffersAreNoLeaks() {
        MemGuard guard = guard(LeakDetection.ALWAYS);
        guard.allocate(1).close();
        forgetBuffers(guard, 0);
        LockedBuffer purged = guard.allocate(1);
        guard.purge();
        assertThat(purged.isAlive()).isFalse();
        forgetBuffers(guard, 1);

        collectUntil(() -> guard.status().leakedTotal() > 0);

        assertThat(guard.status().leakedTotal()).isEqualTo(1);
    }

    @Test
    void bufferInsideAnActionIsNotALeakThoughNobodyElseHoldsIt() {
        MemGuard guard = guard(LeakDetection.ALWAYS);

        boolean intact = guard.moveFrom(LockedBufferContract.pattern(32)).withBytes(view -> {
            forgetBuffers(guard, 1);
            collectUntil(() -> guard.status().leakedTotal() == 1);
            return view.contentEquals(LockedBufferContract.pattern(32));
        });

        assertThat(intact).isTrue();
    }

    @Test
    void detectionThatIsOffLeavesBuffersToThePurge() {
        MemGuard watching = guard(LeakDetection.ALWAYS);
        MemGuard off = guard(LeakDetection.OFF);
        forgetBuffers(off, 1);
        forgetBuffers(watching, 1);

        collectUntil(() -> watching.status().leakedTotal() == 1);

        assertThat(off.status().liveBuffers()).isEqualTo(1);
        assertThat(off.purge().wiped()).isEqualTo(1);
    }
}
