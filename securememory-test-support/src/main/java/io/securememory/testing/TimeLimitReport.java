package io.securememory.testing;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.PreInterruptCallback;
import org.junit.jupiter.api.extension.PreInterruptContext;

/**
 * Reports a test that exceeds its time limit: prints the threads of this JVM and of its children before the test is
 * interrupted. If the test does not stop then, this JVM is ended, because the test would use a processor during all
 * later tests.
 */
public final class TimeLimitReport implements PreInterruptCallback {

    /** Prefix of the names of threads that JUnit creates for single tests. They end with their test. */
    private static final String THREAD_OF_ONE_TEST = "junit-timeout-thread-";

    private static final long GRACE_MILLIS = TimeUnit.SECONDS.toMillis(4);

    @Override
    public void beforeThreadInterrupt(PreInterruptContext interrupt, ExtensionContext test) {
        String title = test.getRequiredTestClass().getName() + ", " + test.getDisplayName();
        Ending.print("TIME IS UP for " + title);
        Thread thread = interrupt.getThreadToInterrupt();
        if (thread.getName().startsWith(THREAD_OF_ONE_TEST)) {
            Ending.inBackground("end-of-test", () -> {
                thread.join(GRACE_MILLIS);
                if (thread.isAlive()) {
                    Ending.halt("NOT INTERRUPTED: " + title + " goes on; this JVM ends now");
                }
            });
        }
    }
}
