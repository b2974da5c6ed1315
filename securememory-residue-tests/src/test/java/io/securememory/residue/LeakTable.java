package io.securememory.residue;

import io.securememory.testing.ModuleDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The table of the documentation that says what libraries leave behind. */
final class LeakTable {

    static final String WHERE = "docs/residue.md, 'What libraries leave behind'";

    private static final Path FILE = ModuleDirectory.of(LeakTable.class).resolveSibling("docs/residue.md");
    private static final String RULE = "|---|---|---|---|";
    private static final String NEXT = "<br>";

    /**
     * A row.
     *
     * @param with names and versions of the libraries
     * @param outcome what they leave behind
     */
    record Row(String with, Outcome outcome) {

        private String line(String what) {
            return "| " + what + " | " + with + " | " + String.join(NEXT, outcome.live()) + " | " + outcome.others()
                    + " |";
        }
    }

    private LeakTable() {}

    /** Returns the rows, by what is done. */
    static Map<String, Row> read() throws IOException {
        Map<String, Row> rows = new LinkedHashMap<>();
        List<String> lines = Files.readAllLines(FILE);
        for (String line : lines.subList(begin(lines), end(lines))) {
            String[] cells = line.substring(2, line.length() - 2).split(" \\| ", -1);
            rows.put(cells[0], new Row(cells[1], new Outcome(List.of(cells[2].split(NEXT, -1)), cells[3])));
        }
        return rows;
    }

    /** Replaces all rows. */
    static void write(Map<String, Row> rows) throws IOException {
        List<String> lines = Files.readAllLines(FILE);
        List<String> written = new ArrayList<>(lines.subList(0, begin(lines)));
        rows.forEach((what, row) -> written.add(row.line(what)));
        written.addAll(lines.subList(end(lines), lines.size()));
        Files.write(FILE, written);
    }

    private static int begin(List<String> lines) {
        int rule = lines.indexOf(RULE);
        if (rule < 0) {
            throw new IllegalStateException("no table with the line " + RULE + " is in " + FILE);
        }
        return rule + 1;
    }

    private static int end(List<String> lines) {
        int end = begin(lines);
        while (end < lines.size() && lines.get(end).startsWith("|")) {
            end++;
        }
        return end;
    }
}
