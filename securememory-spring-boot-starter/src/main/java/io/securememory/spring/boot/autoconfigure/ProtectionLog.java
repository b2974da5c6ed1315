package io.securememory.spring.boot.autoconfigure;

import io.securememory.ProtectionReport;
import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Logs the protections once, when the application is ready: one line with all of them, one with the settings of the
 * machine and of the JVM that are risks, and one warning for each protection that was requested but is not in force.
 * Runs in a thread of its own, so that the start does not wait for it.
 */
final class ProtectionLog implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger LOG = LoggerFactory.getLogger(ProtectionLog.class);

    private final Supplier<ProtectionReport> report;
    private final Executor background;
    private final AtomicBoolean said = new AtomicBoolean();

    ProtectionLog(Supplier<ProtectionReport> report, Executor background) {
        this.report = report;
        this.background = background;
    }

    static void startThread(Runnable task) {
        Thread thread = new Thread(task, "secure-memory-protections");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        if (said.compareAndSet(false, true)) {
            try {
                background.execute(this::say);
            } catch (Throwable e) { // Without a thread, there is no log, but the application starts.
                logFailure(e);
            }
        }
    }

    private void say() {
        try {
            say(report.get());
        } catch (Throwable e) {
            logFailure(e);
        }
    }

    private static void logFailure(Throwable failure) {
        LOG.warn("What is protected could not be found out", failure);
    }

    private static void say(ProtectionReport report) {
        LOG.info(
                "Secure memory has in force: {}; not asked for or not in use: {}; unknown: {}{}",
                names(report, State.ACTIVE),
                names(report, State.OFF),
                names(report, State.UNKNOWN),
                report.kernelFlags().isEmpty() ? "" : " (the kernel shows of a page: " + report.kernelFlags() + ")");
        if (report.items().stream().anyMatch(item -> item.state() == State.RISK)) {
            LOG.info(
                    "Settings of this machine or JVM that make secrets easier to reach: {}. The endpoint securememory, and the"
                            + " log at level DEBUG, say why and what to do.",
                    names(report, State.RISK));
        }
        for (Item item : report.items()) {
            if (item.state() == State.FAILED) {
                LOG.warn("{}: {} What to do: {}", item.name(), item.detail(), item.remedy());
            } else if (item.state() == State.RISK) {
                LOG.debug("{}: {} What to do: {}", item.name(), item.detail(), item.remedy());
            }
        }
    }

    private static String names(ProtectionReport report, State state) {
        String names = report.items().stream()
                .filter(item -> item.state() == state)
                .map(Item::name)
                .collect(Collectors.joining(", "));
        return names.isEmpty() ? "none" : names;
    }
}
