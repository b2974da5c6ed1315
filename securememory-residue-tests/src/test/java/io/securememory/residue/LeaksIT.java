package io.securememory.residue;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.securememory.residue.LeakTable.Row;
import io.securememory.test.Finding;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What libraries of others do with the secrets that they get: another process hands secrets to them, and the search finds
 * copies, with what holds them. The table of the documentation says the same.
 *
 * <p>The system property {@code residue.table} says what becomes of the table. {@code check} is the default. {@code update}
 * rewrites it. {@code other-versions} is for builds with other versions of the libraries: the table is not compared.
 */
@OnceInShortForm
class LeaksIT {

    private static final String TABLE = System.getProperty("residue.table", "check");
    private static final String OWN_JAVA = "JDK " + Runtime.version().feature();
    private static final int EMPTY = 204;

    private static final Map<Leak, List<Outcome>> OUTCOMES = new EnumMap<>(Leak.class);
    private static Map<String, Row> table;

    @BeforeAll
    static void runEach(@TempDir Path directory) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(EMPTY, -1);
            exchange.close();
        });
        server.start();
        try {
            for (String collector : Runs.collectors()) {
                run(Files.createDirectory(directory.resolve(collector)), collector, server.getAddress());
            }
        } finally {
            server.stop(0);
        }
        if (TABLE.equals("update")) {
            update();
        }
        table = LeakTable.read();
    }

    private static void run(Path directory, String collector, InetSocketAddress server) throws IOException {
        for (Leak leak : Leak.values()) {
            leak.prepare(directory);
        }
        ChildJvm program = Runs.program(LeakProgram.class, collector)
                .arguments(directory.toString(), "http://localhost:" + server.getPort() + "/")
                .arguments(Arrays.stream(Leak.values()).map(Leak::name).toArray(String[]::new))
                .environment(Leak.VARIABLE, Leak.variable(directory));
        Result result = program.run(directory);
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(Reports.isProof(result)).as(result.output()).isTrue();
        List<Finding> all = Reports.findings(result);
        for (Leak leak : Leak.values()) {
            List<Finding> own = all.stream()
                    .filter(finding -> finding.secret().startsWith(leak.name() + "/"))
                    .toList();
            OUTCOMES.computeIfAbsent(leak, ignored -> new ArrayList<>()).add(Outcome.of(own));
        }
    }

    private static void update() throws IOException {
        Map<String, Row> rows = new LinkedHashMap<>();
        OUTCOMES.forEach((leak, outcomes) -> rows.put(leak.what(), new Row(leak.with(), outcomes.get(0))));
        LeakTable.write(rows);
    }

    @Test
    void theTableHasARowForEach() {
        assertThat(table.keySet())
                .as(advice("the rows"))
                .containsExactlyElementsOf(
                        Arrays.stream(Leak.values()).map(Leak::what).toList());
    }

    @ParameterizedTest
    @EnumSource
    void leavesTheLiveCopiesThatTheTableSays(Leak leak) {
        Row row = table.get(leak.what());
        assertThat(row).as(advice(leak.what())).isNotNull();
        UnaryOperator<String> compared = isOfThisJava()
                ? Outcome::essence
                : Outcome::form; // The fields of the JDK's classes have other names elsewhere.
        for (Outcome outcome : OUTCOMES.get(leak)) {
            assertThat(outcome.live().stream().map(compared))
                    .as(advice(leak.what()))
                    .containsExactlyInAnyOrderElementsOf(
                            row.outcome().live().stream().map(compared).toList());
        }
        if (!TABLE.equals("other-versions") && (isOfThisJava() || !leak.with().equals(OWN_JAVA))) {
            assertThat(leak.with()).as(advice(leak.what())).isEqualTo(row.with());
        }
    }

    private static boolean isOfThisJava() {
        return table.values().stream().anyMatch(row -> row.with().equals(OWN_JAVA));
    }

    private static String advice(String row) {
        return LeakTable.WHERE + ", is no longer true in the row '" + row
                + "'. If that is what the library does now, rewrite the table on the newest Java:"
                + " ./mvnw verify -Dresidue.table=update -Dit.test=LeaksIT -Dtest=none"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dfailsafe.failIfNoSpecifiedTests=false"
                + " -pl securememory-residue-tests -am";
    }
}
