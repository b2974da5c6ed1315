package io.securememory.credentials;

import io.securememory.testing.ModuleDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The table of the documentation that says what hand-overs leave behind. */
final class LeftTable {

    static final String HEADING = "## What each hand-over leaves";

    private static final Path FILE = ModuleDirectory.of(LeftTable.class).resolveSibling("docs/credentials.md");
    private static final String RULE = "|---|---|---|---|";
    private static final String NEXT = "<br>";

    /**
     * A row.
     *
     * @param with names and versions of the libraries
     * @param live live copies at rest
     * @param others other copies, which differ from run to run
     */
    record Row(String with, List<String> live, String others) {

        private String line(String what) {
            return "| " + what + " | " + with + " | " + String.join(NEXT, live) + " | " + others + " |";
        }
    }

    private LeftTable() {}

    /** Returns the rows, by what is handed over. */
    static Map<String, Row> read() throws IOException {
        Map<String, Row> rows = new LinkedHashMap<>();
        List<String> lines = Files.readAllLines(FILE);
        for (String line : lines.subList(begin(lines), end(lines))) {
            String[] cells = line.substring(2, line.length() - 2).split(" \\| ", -1);
            rows.put(cells[0], new Row(cells[1], List.of(cells[2].split(NEXT, -1)), cells[3]));
        }
        return rows;
    }

    /** Replaces these rows, and adds those that are not there. */
    static void write(Map<String, Row> changed) throws IOException {
        Map<String, Row> rows = read();
        rows.putAll(changed);
        List<String> lines = Files.readAllLines(FILE);
        List<String> written = new ArrayList<>(lines.subList(0, begin(lines)));
        rows.forEach((what, row) -> written.add(row.line(what)));
        written.addAll(lines.subList(end(lines), lines.size()));
        Files.write(FILE, written);
    }

    private static int begin(List<String> lines) {
        int heading = lines.indexOf(HEADING);
        int rule = heading < 0 ? -1 : lines.subList(heading, lines.size()).indexOf(RULE);
        if (rule < 0) {
            throw new IllegalStateException(
                    "no table with the line " + RULE + " is below '" + HEADING + "' in " + FILE);
        }
        return heading + rule + 1;
    }

    private static int end(List<String> lines) {
        int end = begin(lines);
        while (end < lines.size() && lines.get(end).startsWith("|")) {
            end++;
        }
        return end;
    }
}
