package io.securememory.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 * @param log where JMH tells what it does
 */
record JmhRun(Key key, String method, PrintStream log) {

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
        return measurements;
    }

    private Map<String, String> parameters() {
        if (key.who().isOurs()) {
            String access = key.who().nativeAccess().name();
            String storage = key.who().storage().name();
            return key.what().parameter().equals("bytes")
                    ? Map.of("size", Integer.toString(key.number()), "nativeAccess", access, "storage", storage)
                    : Map.of("nativeAccess", access, "storage", storage);
        }
        return key.what().parameter().equals("bytes") ? Map.of("size", Integer.toString(key.number())) : Map.of();
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
