package io.securememory.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The report in Markdown. */
final class Report {

    private static final double NANOSECONDS_OF_A_MIB_PER_GB = (1 << 20);

    private final Run run;
    private final Results results;
    private final StringBuilder text = new StringBuilder();

    private Report(Run run) {
        this.run = run;
        this.results = run.results();
    }

    /**
     * Writes the report.
     *
     * @param run what was measured
     * @param aims how the aims came out
     * @param plots file names of plots, by the case under which they are shown
     */
    static String of(Run run, List<Verdict> aims, Map<Case, String> plots) {
        Report report = new Report(run);
        report.head();
        report.verdicts("Aims", aims);
        for (Case what : Case.values()) {
            report.section(what, plots);
        }
        report.reasons("Left out on this machine", run.leftOut());
        report.reasons("Failed", run.failures());
        return report.text.toString();
    }

    /** Writes how bounds or aims came out, as a table. */
    static String table(List<Verdict> verdicts) {
        StringBuilder table =
                new StringBuilder("| what | measured | shall be | result | note |\n|---|---|---|---|---|\n");
        for (Verdict verdict : verdicts) {
            Target target = verdict.target();
            row(
                    table,
                    List.of(
                            target.name(),
                            verdict.value(),
                            target.limitText(),
                            verdict.text(),
                            target.note() == null ? "" : target.note()));
        }
        return table.toString();
    }

    private void head() {
        line("# Results of the benchmarks");
        line("");
        line("Written by a " + run.effort()
                + " run; [README.md](README.md) says what each case measures. Every error (±) is"
                + " half of the interval that holds the mean with 99.9 % confidence. Times are those of one operation of"
                + " one thread.");
        line("");
        line("| machine and versions | |");
        line("|---|---|");
        run.machine().forEach((name, value) -> row(text, List.of(name, value)));
    }

    private void verdicts(String title, List<Verdict> verdicts) {
        line("");
        line("## " + title);
        line("");
        long reached = verdicts.stream().filter(Verdict::isReached).count();
        long measured = verdicts.stream().filter(Verdict::isMeasured).count();
        line(reached + " of " + verdicts.size() + " reached, " + (measured - reached) + " not reached, "
                + (verdicts.size() - measured) + " not measured.");
        line("");
        text.append(table(verdicts));
    }

    private void section(Case what, Map<Case, String> plots) {
        List<Measurement> all = results.measurements().stream()
                .filter(measurement -> measurement.key().what() == what)
                .toList();
        if (all.isEmpty()) {
            return;
        }
        line("");
        line("## " + what.title());
        line("");
        if (plots.containsKey(what)) {
            line("![" + what.title() + "](" + plots.get(what) + ")");
            line("");
        }
        Set<Subject> peers = all.stream()
                .map(measurement -> measurement.key().who())
                .filter(Subject::isPeer)
                .collect(Collectors.toCollection(TreeSet::new));
        head(what, peers);
        for (int number : numbers(all)) {
            for (Subject who : Subject.values()) {
                results.find(new Key(what, number, who)).ifPresent(measurement -> row(measurement, peers));
            }
        }
    }

    private static Set<Integer> numbers(List<Measurement> all) {
        return all.stream()
                .map(measurement -> measurement.key().number())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private void head(Case what, Set<Subject> peers) {
        List<String> cells =
                new ArrayList<>(List.of(what.parameter(), "who", what.unit() == Unit.BYTES ? "heap" : "time"));
        if (isStream(what)) {
            cells.add("GB/s");
        }
        peers.forEach(peer -> cells.add("÷ " + peer.label()));
        row(text, cells);
        line("|---|---|" + "---:|".repeat(cells.size() - 2));
    }

    private void row(Measurement measurement, Set<Subject> peers) {
        Key key = measurement.key();
        String label =
                key.who().isOurs() ? "**" + key.who().label() + "**" : key.who().label();
        List<String> cells = new ArrayList<>(
                List.of(String.format(Locale.ROOT, "%,d", key.number()), label, measurement.formatted()));
        if (isStream(key.what())) {
            Ratio rate =
                    Ratio.exactly(key.number() * NANOSECONDS_OF_A_MIB_PER_GB).per(Ratio.of(measurement));
            cells.add(rate.toString());
        }
        for (Subject peer : peers) {
            cells.add(
                    peer == key.who()
                            ? ""
                            : results.find(key.of(peer))
                                    .map(other -> Ratio.of(measurement)
                                            .per(Ratio.of(other))
                                            .toString())
                                    .orElse(""));
        }
        row(text, cells);
    }

    private static boolean isStream(Case what) {
        return what == Case.STREAM_READ || what == Case.STREAM_WRITE;
    }

    private void reasons(String title, Map<String, String> reasons) {
        if (reasons.isEmpty()) {
            return;
        }
        line("");
        line("## " + title);
        line("");
        Map<String, List<String>> byReason = new LinkedHashMap<>();
        reasons.forEach((key, reason) ->
                byReason.computeIfAbsent(reason, any -> new ArrayList<>()).add("`" + key + "`"));
        byReason.forEach((reason, keys) -> line("- " + reason + ": " + String.join(", ", keys)));
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private static void row(StringBuilder target, List<String> cells) {
        target.append(cells.stream()
                        .map(cell -> cell.replace("|", "\\|").replace('\n', ' '))
                        .collect(Collectors.joining(" | ", "| ", " |")))
                .append('\n');
    }
}
