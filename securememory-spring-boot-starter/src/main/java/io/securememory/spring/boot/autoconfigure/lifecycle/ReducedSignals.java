package io.securememory.spring.boot.autoconfigure.lifecycle;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * Tells whether the JVM leaves signals to the operating system (the option {@code -Xrs}). HotSpot then has no thread that
 * calls handlers. It refuses handlers of HUP, INT and TERM, but accepts all others, and never calls them.
 */
final class ReducedSignals {

    private static final String OPTION = "ReduceSignalUsage";

    private ReducedSignals() {}

    /** Returns true if no handler is called; false also if this cannot be found out. */
    static boolean inForce() {
        try {
            HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            return hotSpot != null
                    && Boolean.parseBoolean(hotSpot.getVMOption(OPTION).getValue());
        } catch (IllegalArgumentException | LinkageError e) {
            return false; // Another JVM, or an image without jdk.management.
        }
    }
}
