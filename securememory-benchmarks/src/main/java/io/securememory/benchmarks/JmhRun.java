package io.securememory.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One benchmark method in forks of its own, so that what a peer opens and leaves behind ends with it.
 *
 * @param key what it measures
 * @param method full name
 * @param more parameters that do not follow from the key
 * @param log where JMH tells what it does
 */
record JmhRun(Key key, String method, Map<String, String> more, PrintStream log) {

    private static final String ALLOCATION = "gc.alloc.rate.norm";

    List<Measurement> run(Jvm jvm, Effort effort) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(method) + "$")
                .shouldFailOnError(true)
                .jvm(jvm.executable())
                .jvmArgs(jvm.options().toArray(new String[0]))
                .forks(effort.forks())
                .warmupIterations(effort.warmups())
                .warmupTime(TimeValue.milliseconds(effort.iterationMillis()))
                .measurementIterations(effort.iterations())
                .measurementTime(TimeValue.milliseconds(effort.iterationMillis()))
                .threads(key.what().parameter().equals("threads") ? key.number() : 1)
                .addProfiler(GCProfiler.class);
        parameters().forEach(options::param);
        RunResult result = new Runner(
                        options.build(), OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL))
                .runSingle();
        List<IterationResult> iterations = result.getBenchmarkResults().stream()
                .flatMap(fork -> fork.getIterationResults().stream())
                .toList();
        List<Measurement> measurements = new ArrayList<>();
        measurements.add(new Measurement(
                key,
                iterations.stream()
                        .map(iteration -> iteration.getPrimaryResult().getScore())
                        .toList()));
        if (key.what() == Case.ACCESS_OWN && key.number() == 1) {
            allocation(iterations).ifPresent(measurements::add);
        }
        if (key.what() == Case.HANDSHAKE) {
            measurements.add(server(iterations));
        }
        return measurements;
    }

    private Map<String, String> parameters() {
        Map<String, String> parameters = new HashMap<>(more);
        if (key.who().isOurs()) {
            parameters.put("nativeAccess", key.who().nativeAccess().name());
            parameters.put("storage", key.who().storage().name());
        }
        if (key.what().parameter().equals("bytes")) {
            parameters.put("size", Integer.toString(key.number()));
        }
        key.who().library().ifPresent(library -> parameters.put("library", library.name()));
        return parameters;
    }

    /** The benchmark counts the time of the server, as both sides are in the thread that JMH measures. */
    private Measurement server(List<IterationResult> iterations) {
        return new Measurement(
                new Key(Case.HANDSHAKE_SERVER, key.number(), key.who()),
                iterations.stream()
                        .map(iteration -> counted(iteration, "serverNanos") / counted(iteration, "handshakes"))
                        .toList());
    }

    private static double counted(IterationResult iteration, String name) {
        return Objects.requireNonNull(iteration.getSecondaryResults().get(name), name)
                .getScore();
    }

    private Optional<Measurement> allocation(List<IterationResult> iterations) {
        List<Double> samples = iterations.stream()
                .map(iteration -> Optional.<Result<?>>ofNullable(
                        iteration.getSecondaryResults().get(ALLOCATION)))
                .flatMap(Optional::stream)
                .map(Result::getScore)
                .toList();
        return samples.isEmpty()
                ? Optional.empty()
                : Optional.of(new Measurement(new Key(Case.ALLOCATION, key.number(), key.who()), samples));
    }
}
