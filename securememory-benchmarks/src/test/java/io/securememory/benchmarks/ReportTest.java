package io.securememory.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ReportTest {

    private final Results results = Made.results(
            Made.measurement("access-own/8/protected-ffm", 20_000, 20_000, 20_000),
            Made.measurement("access-own/1/protected-ffm", 2_000, 2_500, 3_000),
            Made.measurement("access-own/1/asherah", 10_000, 10_000, 10_000),
            Made.measurement("access-own/1/c", 2_000, 2_000, 2_000),
            Made.measurement("allocation/1/protected-ffm", 64, 64, 64),
            Made.measurement("stream-write/64/sealed-ffm", 67_108_864, 67_108_864, 67_108_864));

    private String report() {
        return Report.of(Made.run(results), List.of(), Map.of());
    }

    @Test
    void aTableHasARowForEachMeasurementWithItsErrorAndItsRatioToEachPeer() {
        assertThat(report()).contains("""
                ## Access to an own secret of 32 bytes

                | threads | who | time | ÷ C, same system calls | ÷ Asherah |
                |---|---|---:|---:|---:|
                | 1 | C, same system calls | 2.00 ± 0.00 µs |  | 0.20 ± 0.00 |
                | 1 | **protected, FFM** | 2.50 ± 9.12 µs | 1.25 ± 4.56 | 0.25 ± 0.91 |
                | 1 | Asherah | 10.0 ± 0.0 µs | 5.00 ± 0.00 |  |
                | 8 | **protected, FFM** | 20.0 ± 0.0 µs |  |  |
                """);
    }

    @Test
    void heapIsInBytesAndAStreamHasItsRate() {
        assertThat(report())
                .contains("| threads | who | heap |", "| 1 | **protected, FFM** | 64.0 ± 0.0 B |")
                .contains("| MiB | who | time | GB/s |", "| 64 | **sealed, FFM** | 67.1 ± 0.0 ms | 1.00 ± 0.00 |");
    }

    @Test
    void casesWithoutMeasurementsHaveNoSection() {
        assertThat(report()).doesNotContain("## Seal", "## Left out", "## Failed");
    }

    @Test
    void whatIsLeftOutOrFailedIsNamedWithItsReason() {
        results.leaveOut(Key.parse("seal/32/libsodium"), "no headers");
        results.leaveOut(Key.parse("open/32/libsodium"), "no headers");
        results.fail(Key.parse("copy/1/asherah"), "it crashed");

        assertThat(report())
                .contains("## Left out on this machine\n\n- no headers: `seal/32/libsodium`, `open/32/libsodium`\n")
                .contains("## Failed\n\n- it crashed: `copy/1/asherah`\n");
    }

    @Test
    void aimsAreCountedAndSayByHowMuch() {
        List<Verdict> verdicts = Targets.judge(
                List.of(
                        Made.atMost("access-own/1/asherah", "access-own/1/c", 10),
                        Made.atMost("access-own/1/asherah", "access-own/1/c", 4),
                        Made.atMost("access-own/1/asherah", "access-own/2/c", 4)),
                results);

        assertThat(Report.of(Made.run(results), verdicts, Map.of()))
                .contains("1 of 3 reached, 1 not reached, 1 not measured.")
                .contains("| a ratio | 5.00 ± 0.00 | at most 10.0 | reached, 50 % to spare |  |")
                .contains("| a ratio | 5.00 ± 0.00 | at most 4.00 | **not reached**, by 25 % |  |")
                .contains("| a ratio |  | at most 4.00 | not measured (access-own/2/c: not in this run) |  |");
    }

    @Test
    void plotsAreShownInTheirSectionAndTheMachineIsDescribed() {
        assertThat(Report.of(Made.run(results), List.of(), Map.of(Case.ACCESS_OWN, "own.png")))
                .contains("![Access to an own secret of 32 bytes](own.png)")
                .contains("| processor | made \\| up |");
    }

    @Test
    void recordedResultsGiveTheSameReport() {
        results.leaveOut(Key.parse("seal/32/libsodium"), "no headers");
        JsonMapper json = new JsonMapper();
        Run run = Made.run(results);

        Run recorded = json.readValue(json.writeValueAsString(run), Run.class);

        assertThat(recorded).isEqualTo(run);
        assertThat(Report.of(recorded, List.of(), Map.of())).isEqualTo(report());
    }
}
