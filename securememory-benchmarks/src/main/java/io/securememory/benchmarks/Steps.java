package io.securememory.benchmarks;

import io.securememory.jca.CryptoEngine;
import io.securememory.jca.CryptoEngineException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the steps from what this machine has. */
final class Steps {

    private static final String NO_JAVA_17 = "no Java 17 was found in JAVA17_HOME, /usr/lib/jvm or SDKMAN";

    /** Secrets of all purges of one step together, which bounds its time. */
    private static final int PURGED = 400_000;

    /** Fewest counted times of what takes long. */
    private static final int FEWEST = 5;

    private final Tools tools;

    Steps(Tools tools) {
        this.tools = tools;
    }

    private interface Measurer {
        List<Measurement> measure(Effort effort) throws Exception;
    }

    private record Simple(List<Key> yields, Measurer measurer) implements Step {
        @Override
        public List<Measurement> run(Effort effort) throws Exception {
            return measurer.measure(effort);
        }
    }

    Step floor(Key key) {
        return new Simple(List.of(key), effort -> {
            Floor floor = tools.floor().orElseThrow(() -> new Unavailable(tools.reasonOfNoFloor()));
            return List.of(floor.measure(key, effort.floorSamples(), effort.floorMillis()));
        });
    }

    /** A method of a benchmark class; the key's number is the threads unless its case counts bytes. */
    Step benchmark(Key key, Class<?> type, String method) {
        List<Key> yields = new ArrayList<>(List.of(key));
        if (key.what() == Case.ACCESS_OWN && key.number() == 1) {
            yields.add(new Key(Case.ALLOCATION, 1, key.who()));
        }
        return jmh(yields, type, method, Map.of());
    }

    private Step jmh(List<Key> yields, Class<?> type, String method, Map<String, String> parameters) {
        Key key = yields.get(0);
        return new Simple(
                yields,
                effort ->
                        new JmhRun(key, type.getName() + "." + method, parameters, tools.log()).run(jvm(key), effort));
    }

    /** A method of a benchmark class that computes with a key; for this library only where there is libcrypto. */
    Step key(Key key, Class<?> type, String method, Map<String, String> parameters) {
        List<Key> yields = new ArrayList<>(List.of(key));
        if (key.what() == Case.HANDSHAKE) {
            yields.add(new Key(Case.HANDSHAKE_SERVER, key.number(), key.who()));
        }
        Step step = jmh(yields, type, method, parameters);
        return new Simple(yields, effort -> {
            if (key.who().isOurs()) {
                requireLibcrypto();
            }
            return step.run(effort);
        });
    }

    private static void requireLibcrypto() throws Unavailable {
        try {
            CryptoEngine.choose(CryptoEngine.Choice.LIBCRYPTO, null);
        } catch (CryptoEngineException e) {
            throw new Unavailable(e.getMessage());
        }
    }

    /** Seconds of {@code openssl speed}, for the same amount as the keys. */
    Step openssl(List<Key> keys) {
        return new Simple(keys, effort -> {
            List<Double> samples = OpensslSpeed.nanosecondsPerMib(effort.opensslSamples());
            return keys.stream()
                    .map(key -> new Measurement(
                            key,
                            samples.stream()
                                    .map(sample -> sample * key.number())
                                    .toList()))
                    .toList();
        });
    }

    Step startUp(Key key) {
        return new Simple(List.of(key), effort -> {
            List<String> command = program(key, 1);
            List<Double> samples = new ArrayList<>();
            Command.nanosecondsToFirstByte(command); // The first start reads from the disk.
            for (int i = 0; i < effort.programs(); i++) {
                samples.add(Command.nanosecondsToFirstByte(command));
            }
            return List.of(new Measurement(key, samples));
        });
    }

    /** Purges and creations: all in one virtual machine, of which the first half of the times warms up. */
    Step program(Key key) {
        return new Simple(List.of(key), effort -> {
            int times = Math.max(
                    2 * Math.min(effort.programs(), FEWEST), Math.min(PURGED / key.number(), 10 * effort.programs()));
            List<Double> all = Command.numbers(Command.output(program(key, times)));
            return List.of(new Measurement(key, all.subList(times / 2, times)));
        });
    }

    private List<String> program(Key key, int times) throws Unavailable {
        Jvm jvm = jvm(key);
        List<String> command = new ArrayList<>(List.of(jvm.executable()));
        command.addAll(jvm.options());
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                key.toString(),
                Integer.toString(times)));
        return command;
    }

    private Jvm jvm(Key key) throws Unavailable {
        Optional<Jvm> jvm = key.who().onJava17() ? tools.java17() : Optional.of(tools.java());
        return jvm.orElseThrow(() -> new Unavailable(NO_JAVA_17));
    }
}
