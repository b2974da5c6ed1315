package io.securememory.report;

import io.securememory.ProtectionReport;
import io.securememory.ProtectionReport.Item;
import io.securememory.ProtectionReport.State;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A report for a terminal: ASCII characters, in lines of at most 80 of them. */
public final class ReportText {

    private static final int WIDTH = 80;

    /** Of the states, which are in front of the names, and of the sentences, which are below them. */
    private static final int INDENT = 9;

    private ReportText() {}

    /**
     * Returns the items, each with its state, and a verdict in the end.
     *
     * @param report the report
     * @return lines without line breaks
     */
    public static List<String> of(ProtectionReport report) {
        List<String> lines = new ArrayList<>();
        for (Item item : report.items()) {
            lines.add((item.state() + " ".repeat(INDENT)).substring(0, INDENT) + ascii(item.name()));
            lines.addAll(wrapped(item.detail(), INDENT));
            if (!item.remedy().isEmpty()) {
                lines.addAll(wrapped("What to do: " + item.remedy(), INDENT));
            }
            lines.add("");
        }
        lines.addAll(wrapped(verdict(report), 0));
        return lines;
    }

    private static String verdict(ProtectionReport report) {
        String risks = named(report, State.RISK);
        String also = risks.isEmpty() ? "" : " Risks: " + risks + ".";
        return report.isComplete()
                ? "Complete: everything that was asked for is in force." + also
                : "Incomplete: not in force: " + named(report, State.FAILED) + "." + also;
    }

    private static String named(ProtectionReport report, State state) {
        return report.items().stream()
                .filter(item -> item.state() == state)
                .map(Item::name)
                .collect(Collectors.joining(", "));
    }

    /**
     * Breaks a text at its blanks. A word that is longer than a line is left whole.
     *
     * @param text any text
     * @param indent number of blanks in front of each line
     * @return lines without line breaks
     */
    public static List<String> wrapped(String text, int indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(" ".repeat(indent));
        for (String word : ascii(text).strip().split(" +", -1)) {
            if (line.length() > indent && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(indent);
            }
            line.append(line.length() > indent ? " " : "").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    /** Replaces what a terminal may not show, or may take for a command. */
    private static String ascii(String text) {
        return text.replaceAll("\\s", " ").replaceAll("[^ -~]", "?");
    }
}
