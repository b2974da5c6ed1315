package io.securememory.testing;

import java.util.concurrent.TimeUnit;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/**
 * Ends a JVM of tests if no test has begun or ended for a long time. JUnit's time limits do not cover some causes:
 * static initializers, contexts that start, and threads that keep the JVM alive. The system property
 * {@code tests.silence-limit} sets the limit in seconds. Without it, there is no limit, so that a debugger may stop
 * the tests for as long as needed. {@code tests.life-limit} limits the time of all tests together.
 */
public final class SilenceLimit implements TestExecutionListener {

    private static final long LIMIT_SECONDS = Long.getLong("tests.silence-limit", 0);

    /** Limit of the whole run, just below the limit at which the build would end the JVM without a message. */
    private static final long LIFE_SECONDS = Long.getLong("tests.life-limit", 0);

    private static final long START = System.nanoTime();

    private static volatile long lastEvent = System.nanoTime();
    private static volatile String last = "the start";

    static {
        if (LIMIT_SECONDS > 0) {
            Ending.inBackground("silence-limit", SilenceLimit::watch);
        }
    }

    private static void watch() throws InterruptedException {
        while (true) {
            TimeUnit.SECONDS.sleep(1);
            if (System.nanoTime() - lastEvent > TimeUnit.SECONDS.toNanos(LIMIT_SECONDS)) {
                Ending.halt(
                        "NOTHING has begun or ended for " + LIMIT_SECONDS + " s since " + last + "; this JVM ends now");
            }
            if (LIFE_SECONDS > 0 && System.nanoTime() - START > TimeUnit.SECONDS.toNanos(LIFE_SECONDS)) {
                Ending.halt("TESTS take more than " + LIFE_SECONDS + " s altogether, at last " + last
                        + "; this JVM ends now");
            }
        }
    }

    private static void event(String what, TestIdentifier test) {
        last = what + " of " + test.getUniqueId();
        lastEvent = System.nanoTime();
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        event("the start", test);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        event("the end", test);
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        event("the skipping", test);
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        lastEvent = System.nanoTime();
    }
}
