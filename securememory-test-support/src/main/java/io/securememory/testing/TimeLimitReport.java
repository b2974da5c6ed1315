package io.securememory.testing;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.PreInterruptCallback;
import org.junit.jupiter.api.extension.PreInterruptContext;

/**
 * When a test has used up its time: prints the threads of this virtual machine and of its children before the test is
 * interrupted. A test that goes on all the same would take a processor from all that follow: it ends this virtual machine.
 */
public final class TimeLimitReport implements PreInterruptCallback {

    /** Those that JUnit makes for single tests, and that end with them. */
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
                    Ending.halt("NOT INTERRUPTED: " + title + " goes on, and this virtual machine ends");
                }
            });
        }
    }
}
