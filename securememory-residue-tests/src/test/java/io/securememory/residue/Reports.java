package io.securememory.residue;

import io.securememory.Secret;
import io.securememory.test.Encoding;
import io.securememory.test.Finding;
import io.securememory.test.Place;
import io.securememory.test.ResidueReport;
import io.securememory.test.ResidueSearch;
import io.securememory.testing.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/** Carries reports of searches from a program to its test, in lines of its output. */
final class Reports {

    private static final String FINDING = "FINDING";
    private static final String PROOF = "PROOF";
    private static final String SEPARATOR = "\t";

    private Reports() {}

    /**
     * Searches, and prints what was found.
     *
     * @param secrets what to look for, by names
     * @param logs logs of applications, which need not exist
     */
    static void print(SortedMap<String, Secret> secrets, List<Path> logs) {
        try (ResidueSearch search = ResidueSearch.of(secrets.values().toArray(Secret[]::new))) {
            search.named(secrets.keySet().toArray(String[]::new));
            logs.stream().filter(Files::exists).forEach(search::alsoIn);
            print(search.run());
        }
    }

    private static void print(ResidueReport report) {
        System.out.println(report);
        for (Finding finding : report.findings()) {
            System.out.println(String.join(
                    SEPARATOR,
                    FINDING,
                    finding.secret(),
                    finding.place().name(),
                    finding.encoding().name(),
                    Boolean.toString(finding.live()),
                    Integer.toString(finding.copies()),
                    finding.holder()));
        }
        System.out.println(String.join(SEPARATOR, PROOF, Boolean.toString(report.isProof())));
    }

    /** Tells whether a program has searched everything that it was to search. */
    static boolean isProof(Result result) {
        return result.output().contains(PROOF + SEPARATOR + true);
    }

    /** Returns what a program has found. */
    static List<Finding> findings(Result result) {
        return result.output()
                .lines()
                .filter(line -> line.startsWith(FINDING + SEPARATOR))
                .map(line -> line.split(SEPARATOR, -1))
                .map(parts -> new Finding(
                        parts[1],
                        Place.valueOf(parts[2]),
                        Encoding.valueOf(parts[3]),
                        Boolean.parseBoolean(parts[4]),
                        parts[6],
                        Integer.parseInt(parts[5])))
                .toList();
    }
}
