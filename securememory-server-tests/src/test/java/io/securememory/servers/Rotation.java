package io.securememory.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.test.Place;
import io.securememory.test.ResidueReport;
import io.securememory.test.ResidueSearch;
import io.securememory.testing.Certificates;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.MemoryMapping;
import io.securememory.testing.Needs;
import io.securememory.testing.ProcessImage;
import io.securememory.testing.RunningChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A server and clients whose keys and certificates are replaced while they answer. Then their process is searched for all of
 * the keys.
 */
final class Rotation {

    private static final List<String> SIDES = List.of("server", "client");
    private static final int HANDSHAKES = Effort.of("tests.handshakes", 80, 10_000);
    private static final int PAIRS = 4;

    /** How often files are replaced, which is no wait for anything. */
    private static final Duration ROTATION = Duration.ofMillis(Effort.of("tests.rotation-millis", 400, 1_000));

    private static final Duration LIMIT = Duration.ofSeconds(Effort.of("tests.rotation-limit", 200, 2_400));

    /** Where the limit is lower, this needs the rights of root. */
    private static final String[] DUMPING = {"prlimit", "--core=unlimited:unlimited"};

    private final Server server;
    private final String algorithm;
    private final Path directory;
    private final Map<String, List<Certificates>> pairs = new HashMap<>();

    /**
     * Makes keys and certificates.
     *
     * @param server the server
     * @param algorithm of all keys
     * @param directory for files
     */
    Rotation(Server server, String algorithm, Path directory) throws IOException {
        this.server = server;
        this.algorithm = algorithm;
        this.directory = directory;
        makePairs();
    }

    /** What was found of the keys. */
    record Found(ResidueReport memory, ResidueReport heapDump, ResidueReport closed) {}

    /** Has the keys of the starter's bundles replaced, or uses those of Spring Boot's own. */
    Found run(boolean isProtected) throws Exception {
        try (RunningChild child = start(isProtected ? "protected" : "jdk", HANDSHAKES)) {
            serve(child, isProtected, HANDSHAKES);
            // The watch may be reading a file into protected memory at this moment. Between two uses it has no access.
            ResidueReport memory = searched(memory(child, map -> !map.isInaccessible() && !map.isProtected()));
            child.say("");
            child.awaitLine("STATE DUMPED", LIMIT);
            ResidueReport dump = searched(List.of(directory.resolve("heap.hprof")));
            child.say("");
            child.awaitLine("STATE CLOSED", LIMIT);
            ResidueReport closed = searched(memory(child, map -> true));
            child.say("");
            assertThat(child.awaitExit()).as(child.output()).isZero();
            return new Found(memory, dump, closed);
        }
    }

    /** Ends the process after some replacements so that the kernel dumps it, and searches the dump. */
    ResidueReport inCoreDump() throws Exception {
        Needs.launcher(DUMPING);
        try (RunningChild child = start("protected", HANDSHAKES / 10, DUMPING)) {
            serve(child, true, HANDSHAKES / 10);
            child.signal("SEGV");

            assertThat(child.awaitExit(LIMIT))
                    .as("128 and the number of SIGABRT")
                    .isEqualTo(134);
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> cores = files.filter(
                            file -> file.getFileName().toString().startsWith("core"))
                    .toList();
            assertThat(cores).hasSize(1);
            return searched(cores);
        }
    }

    private List<Path> memory(RunningChild child, Predicate<MemoryMapping> mappings) throws IOException {
        return ProcessImage.write(child.pid(), directory, mappings);
    }

    private ResidueReport searched(List<Path> files) {
        Map<String, Secret> keys = new HashMap<>();
        try (SecureMemory session = SecureMemory.create()) {
            pairs.forEach((side, made) -> {
                for (int i = 0; i < made.size(); i++) {
                    byte[] key = made.get(i).key().getEncoded();
                    keys.put(side + " " + i, session.secrets(Storage.SEALED).create(key));
                }
            });
            ResidueSearch search = ResidueSearch.of(keys.values().toArray(Secret[]::new))
                    .named(keys.keySet().toArray(String[]::new))
                    .only(Place.GIVEN);
            files.forEach(search::alsoIn);
            ResidueReport report = search.run();
            assertThat(report.isProof()).as(report.toString()).isTrue();
            return report;
        }
    }

    private RunningChild start(String keys, int handshakes, String... launcher) {
        ChildJvm program = ChildJvm.onTestClassPath(RotationProgram.class)
                .withNativeAccess()
                .quickStart()
                .options("-Xmx160m", "-Djdk.tls.server.disableExtensions=psk_key_exchange_modes,pre_shared_key")
                .arguments(server.name(), keys, directory.toString(), Integer.toString(handshakes));
        if (launcher.length > 0) {
            program.startedBy(launcher);
        }
        return RunningChild.start(program.command(), directory);
    }

    /** Has requests answered while the files are replaced, until all clients and the server have the last pair. */
    private void serve(RunningChild child, boolean rotates, int handshakes) throws Exception {
        child.awaitLine("STATE READY", LIMIT);
        int rotations = rotates ? rotateUntilLoaded(child, handshakes) : 0;
        System.out.println(server + ": " + handshakes + " handshakes and " + rotations + " rotations of both sides");
        int last = rotations % PAIRS;
        child.say(fingerprint("client", last));
        child.say(fingerprint("server", server.follows() ? last : 0));
        child.awaitLine("STATE FOLLOWED", LIMIT);
    }

    private void makePairs() throws IOException {
        StringBuilder trust = new StringBuilder();
        for (String side : SIDES) {
            List<Certificates> made = new ArrayList<>();
            for (int i = 0; i < PAIRS; i++) {
                Certificates pair = Certificates.another(algorithm);
                made.add(pair);
                trust.append(pair.certificatePem());
            }
            pairs.put(side, made);
            replace(side + ".key", made.get(0).keyPem());
            replace(side + ".crt", made.get(0).certificatePem());
        }
        replace("trust.crt", trust.toString());
    }

    private Certificates pair(String side, int number) {
        return pairs.get(side).get(number);
    }

    private String fingerprint(String side, int number) {
        return Fingerprint.of(pair(side, number).certificate());
    }

    /** Replaces both files of both sides again and again. Returns how often. */
    private int rotateUntilLoaded(RunningChild child, int handshakes) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        int rotations = 0;
        while (child.isAlive() && !child.output().contains("STATE LOADED " + handshakes)) {
            rotations++;
            for (String side : SIDES) {
                Certificates next = pair(side, rotations % PAIRS);
                boolean keyFirst = rotations % 2 == 0;
                replace(side + (keyFirst ? ".key" : ".crt"), keyFirst ? next.keyPem() : next.certificatePem());
                replace(side + (keyFirst ? ".crt" : ".key"), keyFirst ? next.certificatePem() : next.keyPem());
            }
            assertThat(never.await(ROTATION.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
        }
        assertThat(child.isAlive()).as(child.output()).isTrue();
        return rotations;
    }

    private void replace(String file, String text) throws IOException {
        Path next = Files.writeString(directory.resolve("next"), text);
        Files.move(next, directory.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }
}
