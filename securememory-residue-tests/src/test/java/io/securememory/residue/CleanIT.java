package io.securememory.residue;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.Effort;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Applications that keep their secrets in protected memory: the search finds nothing of them, neither copies nor what only
 * looks like one.
 */
@OnceInShortForm
class CleanIT {

    private static final int RUNS = Effort.of("tests.residue-runs", 1, 5);

    @TempDir
    Path directory;

    /** The short form has all applications in one process. In the long form each has a process, several times. */
    static Stream<Arguments> processes() {
        List<Clean> all = List.of(Clean.values());
        List<List<Clean>> together =
                Effort.isThorough() ? all.stream().map(List::of).toList() : List.of(all);
        List<String> collectors = Runs.collectors();
        return IntStream.range(0, RUNS)
                .boxed()
                .flatMap(run -> together.stream()
                        .map(applications -> Arguments.of(applications, collectors.get(run % collectors.size()))));
    }

    @ParameterizedTest
    @MethodSource("processes")
    void nothingIsLeft(List<Clean> applications, String collector) throws IOException {
        for (Clean application : applications) {
            application.prepare(directory);
        }
        Result result = Runs.program(CleanProgram.class, collector)
                .arguments(directory.toString())
                .arguments(applications.stream().map(Clean::name).toArray(String[]::new))
                .run(directory);

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(Reports.findings(result)).as(result.output()).isEmpty();
        assertThat(Reports.isProof(result)).as(result.output()).isTrue();
    }
}
