package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

import io.securememory.ProtectionReport;
import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import io.securememory.spring.boot.testsupport.Starter;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ProtectionLogTest {

    private static final Item ACTIVE = new Item("memory-lock", State.ACTIVE, "In force: locked.", "");
    private static final Item FAILED = new Item("dump-exclusion", State.FAILED, "Not in force: dumped.", "Allow it.");
    private static final Item OFF = new Item("core-dumps-disabled", State.OFF, "Not asked for.", "");

    private static ProtectionLog log(Item... items) {
        ProtectionReport report = new ProtectionReport(List.of(items), "mr lo");
        return new ProtectionLog(() -> report, Runnable::run);
    }

    /** Without what the threads of contexts that other tests have started still say. */
    private static List<String> logged(CapturedOutput output, String level) {
        return Starter.logged(output, level, ProtectionLog.class).stream()
                .filter(line -> !line.contains("ory-protections]"))
                .toList();
    }

    @Test
    void whatIsInForceIsOneLineAndIsSaidOnce(CapturedOutput output) {
        ProtectionLog log = log(ACTIVE, OFF);
        log.onApplicationEvent(mock(ApplicationReadyEvent.class));
        log.onApplicationEvent(mock(ApplicationReadyEvent.class));
        assertThat(logged(output, "INFO"))
                .hasSize(1)
                .allMatch(line -> line.endsWith("Secure memory has in force: memory-lock; not asked for or not"
                        + " in use: core-dumps-disabled; unknown: none (the kernel shows of a page: mr lo)"));
        assertThat(logged(output, "WARN")).isEmpty();
    }

    @Test
    void whatFailedIsWarnedOfWithWhatToDo(CapturedOutput output) {
        log(FAILED).onApplicationEvent(mock(ApplicationReadyEvent.class));
        assertThat(logged(output, "INFO")).anyMatch(line -> line.contains("in force: none;"));
        assertThat(logged(output, "WARN"))
                .hasSize(1)
                .allMatch(line -> line.endsWith("dump-exclusion: Not in force: dumped. What to do: Allow it."));
    }

    @Test
    void risksAreOneLineAndNoWarning(CapturedOutput output) {
        Item swap = new Item("swap", State.RISK, "Swap is on.", "Turn it off.");
        Item attach = new Item("attach", State.RISK, "Tools can attach.", "Forbid it.");
        Item power = new Item("hibernation", State.UNKNOWN, "Not known.", "");
        log(swap, attach, power).onApplicationEvent(mock(ApplicationReadyEvent.class));
        assertThat(logged(output, "INFO"))
                .hasSize(2)
                .anyMatch(line -> line.contains("unknown: hibernation"))
                .anyMatch(line -> line.contains("easier to reach: swap, attach."));
        assertThat(logged(output, "WARN")).isEmpty();
    }

    @Test
    void aTrialThatThrowsHarmsNobody(CapturedOutput output) {
        Supplier<ProtectionReport> throwing = () -> {
            throw new IllegalStateException("made up");
        };
        new ProtectionLog(throwing, Runnable::run).onApplicationEvent(mock(ApplicationReadyEvent.class));
        assertThat(output).contains("What is protected could not be found out");
    }

    @Test
    void aStartDoesNotFailForWantOfAThread(CapturedOutput output) {
        ProtectionLog log = new ProtectionLog(() -> new ProtectionReport(List.of(), ""), task -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        log.onApplicationEvent(mock(ApplicationReadyEvent.class));
        assertThat(output).contains("What is protected could not be found out");
    }
}
