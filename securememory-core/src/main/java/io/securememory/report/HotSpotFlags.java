package io.securememory.report;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.Optional;

/** The options as HotSpot tells them through its management interface, which an image of jlink may lack. */
final class HotSpotFlags implements JvmFlags {

    @Override
    public Optional<String> value(String name) {
        try {
            return Optional.of(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .getVMOption(name)
                    .getValue());
        } catch (RuntimeException | LinkageError e) {
            return Optional.empty();
        }
    }
}
