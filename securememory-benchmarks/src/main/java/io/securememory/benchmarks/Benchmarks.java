package io.securememory.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Measures this library, its peers and C in one run, and writes one report.
 *
 * <p>Arguments: a mode or none, cases or none, and the directory of the report. Without a mode everything is measured.
 * {@code --brief} does so in a third of the time, with larger errors. {@code --quick} measures what the bounds need, and ends
 * with 1 if one is crossed. {@code --check} runs as much, and {@code --smoke} everything, as shortly as can be, to show that it
 * runs. {@code --render} writes report and plots again from the results that are recorded there. {@code --cases=} and names
 * with commas restrict the modes that measure everything, for example {@code --brief --cases=sign-p256,hmac/256}.
 */
@SuppressWarnings("checkstyle:console") // Telling how it goes is what the program is for.
public final class Benchmarks {

    private static final String RESULTS = "results.json";
    private static final String CASES = "--cases=";
    private static final Set<String> MODES = Set.of("--full", "--brief", "--quick", "--check", "--smoke", "--render");

    private final JsonMapper json =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private final Path directory;
    private final Predicate<Key> cases;

    private Benchmarks(Path directory, Predicate<Key> cases) {
        this.directory = directory;
        this.cases = cases;
    }

    /**
     * Runs everything.
     *
     * @param arguments see the class
     * @throws Exception if the results cannot be written, or a measurement is interrupted
     */
    public static void main(String[] arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(arguments));
        String mode = words.isEmpty() || !words.get(0).startsWith("--") ? "--full" : words.remove(0);
        Predicate<Key> cases = key -> true;
        if (!words.isEmpty() && words.get(0).startsWith(CASES)) {
            cases = named(words.remove(0).substring(CASES.length()));
        }
        if (words.size() > 1 || !MODES.contains(mode)) {
            System.err.println("arguments: [--brief | --quick | --check | --smoke | --render] [--cases=name,...]"
                    + " [directory for the report]");
            System.exit(2);
        }
        String usual = Set.of("--quick", "--check", "--smoke").contains(mode) ? "target/benchmarks" : "docs/benchmarks";
        Path directory = Path.of(words.isEmpty() ? usual : words.get(0));
        Files.createDirectories(directory);
        Benchmarks benchmarks = new Benchmarks(directory, cases);
        switch (mode) {
            case "--render" -> benchmarks.render();
            case "--quick" -> System.exit(benchmarks.quick());
            case "--check" -> System.exit(benchmarks.check());
            case "--brief" -> System.exit(benchmarks.all(Effort.BRIEF));
            case "--smoke" -> {
                besideOthers();
                System.exit(benchmarks.all(Effort.SMOKE));
            }
            default -> System.exit(benchmarks.all(Effort.FULL));
        }
    }

    /** Returns the keys that begin with one of the names, which are of cases, or of cases and numbers. */
    private static Predicate<Key> named(String names) {
        List<String> all = List.of(names.split(",", -1));
        all.forEach(name -> Case.of(name.split("/", -1)[0]));
        return key -> all.stream().anyMatch(name -> key.toString().startsWith(name + "/"));
    }

    private void render() throws IOException {
        write(json.readValue(Files.readString(directory.resolve(RESULTS)), Run.class));
    }

    private int all(Effort effort) throws IOException, InterruptedException {
        Measuring measuring = new Measuring(effort, System.out);
        measureWith(
                effort,
                measuring,
                groups -> measuring.measure(
                        groups.stream().map(group -> group.only(cases)).toList()));
        return measuring.results().failures().isEmpty() ? 0 : 1;
    }

    private int quick() throws IOException, InterruptedException {
        besideOthers();
        Measuring measuring = new Measuring(Effort.QUICK, System.out);
        QuickMode mode = new QuickMode(Targets.bounds(), System.out);
        measureWith(
                Effort.QUICK,
                measuring,
                groups -> mode.run(
                        measuring.results(),
                        keys -> measuring.measure(groups, keys),
                        keys -> measuring.repeat(groups, keys)));
        return mode.holds() ? 0 : 1;
    }

    private int check() throws IOException, InterruptedException {
        besideOthers();
        Measuring measuring = new Measuring(Effort.SMOKE, System.out);
        measureWith(Effort.SMOKE, measuring, groups -> measuring.measure(groups, Targets.keys(Targets.bounds())));
        return measuring.results().failures().isEmpty() ? 0 : 1;
    }

    /** Another measurement on this machine disturbs, but it is no reason to fail a build. */
    private static void besideOthers() {
        System.setProperty("jmh.ignoreLock", "true");
    }

    private interface Work {
        void on(List<Plan.Group> groups) throws IOException;
    }

    private void measureWith(Effort effort, Measuring measuring, Work work) throws IOException, InterruptedException {
        Path log = Files.createTempFile("jmh", ".log");
        try (PrintStream out = new PrintStream(log.toFile(), StandardCharsets.UTF_8);
                Tools tools = Tools.find(out)) {
            String load = Machine.load();
            Machine.Ticks before = Machine.Ticks.now();
            work.on(Plan.of(tools));
            Map<String, String> machine = Machine.describe(tools);
            machine.put("load of the machine before, over 1, 5 and 15 minutes", load);
            machine.put(
                    "processor time that the host took away",
                    Machine.Ticks.now().stolenSince(before));
            Run run = Run.of(effort, machine, measuring.results());
            Files.writeString(directory.resolve(RESULTS), json.writeValueAsString(run) + "\n");
            write(run);
        }
        if (measuring.results().failures().isEmpty()) {
            Files.delete(log);
        } else {
            System.out.println("Something failed; what JMH did is in " + log);
        }
    }

    private void write(Run run) throws IOException {
        Results results = run.results();
        Map<Case, String> plots = run.effort().equals(Effort.QUICK.name()) ? Map.of() : plots(results);
        Path report = directory.resolve("results.md");
        Files.writeString(report, Report.of(run, Targets.judge(Targets.aims(), results), plots));
        System.out.println("The report is " + report.toAbsolutePath());
    }

    /** A machine without fonts loses the plots, but not the report. */
    private Map<Case, String> plots(Results results) throws IOException {
        try {
            return Plots.draw(results, directory);
        } catch (RuntimeException | LinkageError | InternalError e) {
            System.out.println(
                    "There are no plots, are fonts installed (on Debian: fontconfig, fonts-dejavu-core)? " + e);
            return Map.of();
        }
    }
}
