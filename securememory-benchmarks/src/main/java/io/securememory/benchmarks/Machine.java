package io.securememory.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;

/** On what it was measured: names and values, without anything that identifies the machine or its user. */
final class Machine {

    /** Place of the stolen time in the first line of /proc/stat, after its name. */
    private static final int STOLEN = 7;

    private static final double PERCENT = 100;

    private Machine() {}

    static Map<String, String> describe(Tools tools) throws IOException, InterruptedException {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put("processor", cpuModel());
        facts.put("processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
        facts.put(
                "kernel",
                System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                        + System.getProperty("os.arch"));
        facts.put("vm.max_map_count", firstLine("/proc/sys/vm/max_map_count"));
        facts.put("Java", System.getProperty("java.vendor") + " " + tools.java().version());
        tools.java17().ifPresent(jvm -> facts.put("Java 17", jvm.version()));
        Properties versions = new Properties();
        try (InputStream in = Objects.requireNonNull(Machine.class.getResourceAsStream("/versions.properties"))) {
            versions.load(in);
        }
        versions.stringPropertyNames().stream().sorted().forEach(name -> facts.put(name, versions.getProperty(name)));
        try {
            facts.put(
                    "C compiler",
                    Command.output(List.of("cc", "--version"))
                            .lines()
                            .findFirst()
                            .orElse("unknown"));
            if (tools.floor().isPresent()) {
                tools.floor().get().sodiumVersion().ifPresent(version -> facts.put("libsodium in C", version));
            }
        } catch (Unavailable e) {
            facts.put("C compiler", "none");
        }
        return facts;
    }

    private static String cpuModel() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse("unknown");
        }
    }

    /** Means of the number of processes that ran or wanted to. */
    static String load() throws IOException {
        return String.join(" ", List.of(firstLine("/proc/loadavg").split(" ")).subList(0, 3));
    }

    private static String firstLine(String file) throws IOException {
        // Not read as a whole: files of /proc tell no size.
        return Files.readAllLines(Path.of(file)).get(0);
    }

    /** Processor time since the start of the machine, in ticks. */
    record Ticks(long stolen, long all) {

        static Ticks now() throws IOException {
            String[] numbers = firstLine("/proc/stat").split("\\s+");
            long all = Stream.of(numbers)
                    .skip(1)
                    .limit(STOLEN + 1)
                    .mapToLong(Long::parseLong)
                    .sum();
            return new Ticks(Long.parseLong(numbers[STOLEN + 1]), all);
        }

        /** How much of the time since then the host took away, in percent. */
        String stolenSince(Ticks before) {
            double share = PERCENT * (stolen - before.stolen) / Math.max(1, all - before.all);
            return Unit.number(share) + " %";
        }
    }
}
