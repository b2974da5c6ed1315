package io.securememory.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.credentials.LeftTable.Row;
import io.securememory.test.Encoding;
import io.securememory.test.Finding;
import io.securememory.test.Place;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Result;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What clients leave behind of the secrets that they are handed: another process has them connect to real servers, and a
 * search finds copies. The table of the documentation says the same. The system property {@code left.table} with the value
 * {@code update} rewrites it.
 */
@OnceInShortForm
class LeftIT {

    private static final Duration LIMIT = Duration.ofSeconds(150);
    private static final String NONE = "none";
    private static final String BETWEEN = " <- ";

    /** Containers: what matters is whose they are. */
    private static final String CONTAINER =
            "an element of .*|java\\.util\\..*|org\\.springframework\\.util\\..*|\\.\\.\\.";

    private static final Map<Left, Row> FOUND = new EnumMap<>(Left.class);
    private static Map<String, Row> table;

    @BeforeAll
    static void search(@TempDir Path directory) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(directory.toString()));
        try (Servers servers = Servers.in(directory)) {
            for (Left left : Left.values()) {
                String password = SecretText.random();
                SecretText.write(left.secret(directory), password);
                arguments.add(left + "=" + servers.address(left, password));
            }
            Result result = ChildJvm.onTestClassPath(LeftProgram.class)
                    .withNativeAccess()
                    .quickStart()
                    .within(LIMIT)
                    .arguments(arguments.toArray(String[]::new))
                    .run(directory);
            assertThat(result.exitCode()).as(result.output()).isZero();
            assertThat(result.output()).contains(LeftProgram.PROOF + LeftProgram.SEPARATOR + true);
            List<Finding> all = findings(result);
            for (Left left : Left.values()) {
                FOUND.put(left, row(left, all));
            }
        }
        if ("update".equals(System.getProperty("left.table"))) {
            Map<String, Row> rows = new LinkedHashMap<>();
            FOUND.forEach((left, row) -> rows.put(left.what(), row));
            LeftTable.write(rows);
        }
        table = LeftTable.read();
    }

    private static List<Finding> findings(Result result) {
        return result.output()
                .lines()
                .filter(line -> line.startsWith(LeftProgram.FINDING + LeftProgram.SEPARATOR))
                .map(line -> line.split(LeftProgram.SEPARATOR, -1))
                .map(parts -> new Finding(
                        parts[1],
                        Place.valueOf(parts[2]),
                        Encoding.valueOf(parts[3]),
                        Boolean.parseBoolean(parts[4]),
                        parts[6],
                        Integer.parseInt(parts[5])))
                .toList();
    }

    private static Row row(Left left, List<Finding> all) {
        List<Finding> own = all.stream()
                .filter(finding -> finding.secret().equals(left.name()))
                .toList();
        List<String> live = own.stream()
                .filter(LeftIT::isLiveObject)
                .map(finding -> finding.copies() + " as " + form(finding) + ": `" + finding.holder() + "`")
                .sorted()
                .toList();
        String others = own.stream()
                .filter(finding -> !isLiveObject(finding))
                .collect(Collectors.groupingBy(
                        finding -> (finding.place() == Place.HEAP ? "dead" : "in " + finding.place()) + " as "
                                + form(finding),
                        TreeMap::new,
                        Collectors.summingInt(Finding::copies)))
                .entrySet()
                .stream()
                .map(kind -> kind.getValue() + " " + kind.getKey())
                .collect(Collectors.joining(", "));
        return new Row(left.with(), live.isEmpty() ? List.of(NONE) : live, others.isEmpty() ? NONE : others);
    }

    private static boolean isLiveObject(Finding finding) {
        return finding.place() == Place.HEAP && finding.live();
    }

    /** Many secrets are the same in both alphabets of Base64. */
    private static Encoding form(Finding finding) {
        return finding.encoding() == Encoding.BASE64_URL ? Encoding.BASE64 : finding.encoding();
    }

    /** What is compared: the number, the form, and the first field that has it and is not of a container. */
    private static String essence(String live) {
        int at = live.indexOf(": `");
        if (at < 0) {
            return live;
        }
        String path = live.substring(at + 3, live.length() - 1).replaceFirst("^[^:<]*: ", "");
        return live.substring(0, at) + " in "
                + Arrays.stream(path.split(BETWEEN, -1))
                        .filter(step -> !step.matches(CONTAINER))
                        .findFirst()
                        .orElse(path);
    }

    @ParameterizedTest
    @EnumSource
    void leavesTheLiveCopiesThatTheTableSays(Left left) {
        Row row = table.get(left.what());
        Row found = FOUND.get(left);

        assertThat(row).as(advice(left)).isNotNull();
        assertThat(found.live().stream().map(LeftIT::essence))
                .as(advice(left) + "\nfound: " + found)
                .containsExactlyInAnyOrderElementsOf(
                        row.live().stream().map(LeftIT::essence).toList());
        assertThat(found.with()).as(advice(left)).isEqualTo(row.with());
    }

    private static String advice(Left left) {
        return "docs/credentials.md, '" + LeftTable.HEADING + "', is no longer true in the row '" + left.what()
                + "'. If that is what the client does now, rewrite the table on the newest Java:"
                + " ./mvnw verify -Dleft.table=update -Dit.test=LeftIT -Dtest=none"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false"
                + " -pl securememory-credentials-tests -am";
    }
}
