package io.securememory.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs all benchmarks and the C program in one run, and writes the figures side by side. */
public final class Benchmarks {

    private static final int[] THREADS = {1, 2};

    private final Path directory;
    private final List<String> rows = new ArrayList<>();

    private Benchmarks(Path directory) {
        this.directory = directory;
    }

    /**
     * Runs everything.
     *
     * @param arguments the directory for the report, {@code target} if there is none
     * @throws Exception if a benchmark fails, or there is no C compiler
     */
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments.length > 0 ? arguments[0] : "target/benchmarks");
        Files.createDirectories(directory);
        new Benchmarks(directory).run();
    }

    @SuppressWarnings("checkstyle:console") // Printing the report is what the program is for.
    private void run() throws IOException, InterruptedException, RunnerException {
        rows.add("Java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
                + System.getProperty("os.version") + ", " + Runtime.getRuntime().availableProcessors()
                + " processors\n");
        rows.add("| case | threads | ns per operation | error | times the C pair of mprotect |");
        rows.add("|---|---|---|---|---|");
        Floor floor = Floor.compile();
        for (int threads : THREADS) {
            double before = floor.mprotectPair(threads);
            Collection<RunResult> results = new Runner(options("AccessBenchmark", threads)).run();
            double pair = (before + floor.mprotectPair(threads)) / 2;
            rows.add(row("C, pair of mprotect", threads, pair, Math.abs(before - pair), "1.00"));
            results.forEach(result -> add(result, threads, pair));
        }
        new Runner(options("EnclaveBenchmark", 1)).run().forEach(result -> add(result, 1, Double.NaN));
        String report = String.join("\n", rows) + "\n";
        Files.writeString(directory.resolve("report.md"), report);
        System.out.println(report);
    }

    private Options options(String include, int threads) {
        return new OptionsBuilder()
                .include(include)
                .threads(threads)
                .forks(2)
                .warmupIterations(4)
                .warmupTime(TimeValue.seconds(1))
                .measurementIterations(5)
                .measurementTime(TimeValue.seconds(1))
                .jvmArgsAppend("--enable-native-access=ALL-UNNAMED", "-Xmx1g")
                .resultFormat(ResultFormatType.JSON)
                .result(directory.resolve(include + "-" + threads + ".json").toString())
                .build();
    }

    private void add(RunResult run, int threads, double pair) {
        Result<?> result = run.getPrimaryResult();
        String size = run.getParams().getParam("size");
        String name = result.getLabel() + (size == null ? "" : ", " + size + " bytes");
        boolean streamed = name.startsWith("stream");
        String last = streamed
                ? String.format(Locale.ROOT, "%.2f GB/s", EnclaveBenchmark.STREAMED / result.getScore())
                : Double.isNaN(pair) ? "" : String.format(Locale.ROOT, "%.2f", result.getScore() / pair);
        rows.add(row(name, threads, result.getScore(), result.getScoreError(), last));
    }

    private static String row(String name, int threads, double score, double error, String last) {
        return String.format(Locale.ROOT, "| %s | %d | %.0f | ± %.0f | %s |", name, threads, score, error, last);
    }
}
