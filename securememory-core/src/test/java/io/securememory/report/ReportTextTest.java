package io.securememory.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.ProtectionReport;
import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import io.securememory.testing.OnEverySystem;
import java.util.List;
import org.junit.jupiter.api.Test;

@OnEverySystem
class ReportTextTest {

    private static final Item LOCK = new Item("memory-lock", State.ACTIVE, "In force.", "");
    private static final Item SWAP = new Item("swap", State.RISK, "Swap is on.", "Turn it off.");
    private static final Item DUMPS = new Item("dump-exclusion", State.FAILED, "Not in force.", "Allow it.");

    private static List<String> text(Item... items) {
        return ReportText.of(new ProtectionReport(List.of(items), ""));
    }

    @Test
    void eachItemHasItsStateItsSentencesAndItsRemedy() {
        assertThat(text(LOCK, SWAP))
                .containsExactly(
                        "ACTIVE   memory-lock",
                        "         In force.",
                        "",
                        "RISK     swap",
                        "         Swap is on.",
                        "         What to do: Turn it off.",
                        "",
                        "Complete: everything that was asked for is in force. Risks: swap.");
    }

    @Test
    void theVerdictNamesWhatFailed() {
        assertThat(text(LOCK)).last().isEqualTo("Complete: everything that was asked for is in force.");
        assertThat(text(LOCK, DUMPS, SWAP)).last().isEqualTo("Incomplete: not in force: dump-exclusion. Risks: swap.");
    }

    @Test
    void linesEndBeforeTheyAreTooLong() {
        List<String> lines = ReportText.wrapped("word ".repeat(100), 9);
        assertThat(lines)
                .hasSizeGreaterThan(6)
                .allSatisfy(line -> assertThat(line)
                        .hasSizeBetween(10, 80)
                        .startsWith("         word")
                        .endsWith("word"));
        assertThat(String.join(" ", lines).strip().split(" +", -1)).hasSize(100);
        assertThat(ReportText.wrapped("a".repeat(71) + " b", 9)).hasSize(2);
        assertThat(ReportText.wrapped("a".repeat(69) + " b", 9)).hasSize(1);
    }

    @Test
    void aWordThatIsTooLongIsLeftWhole() {
        assertThat(ReportText.wrapped("a " + "b".repeat(100) + " c", 2))
                .containsExactly("  a", "  " + "b".repeat(100), "  c");
    }

    @Test
    void whatATerminalCouldTakeForACommandIsReplaced() {
        assertThat(ReportText.wrapped("\u001b[31mred\u0007\nm\u00fcde\tend", 0)).containsExactly("?[31mred? m?de end");
    }

    @Test
    void anEmptyTextIsAnEmptyLine() {
        assertThat(ReportText.wrapped(" ", 0)).containsExactly("");
    }
}
