package io.securememory.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.securememory.testing.ByteSearch;
import io.securememory.testing.Certificates;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.MemoryMapping;
import io.securememory.testing.Needs;
import io.securememory.testing.NumberTraces;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.ProcessSearch;
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
import java.util.SortedSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Servers and clients whose keys and certificates are replaced while they answer: no request fails, each ends up with the last
 * pair, and no number of any of the keys is in the memory of their process.
 */
@OnceInShortForm
class RotationIT {

    private static final List<String> SIDES = List.of("server", "client");
    private static final int HANDSHAKES = Effort.of("tests.handshakes", 80, 10_000);
    private static final int PAIRS = 4;

    /** How often files are replaced, which is no wait for anything. */
    private static final Duration ROTATION = Duration.ofMillis(Effort.of("tests.rotation-millis", 400, 1_000));

    private static final Duration LIMIT = Duration.ofSeconds(Effort.of("tests.rotation-limit", 200, 2_400));

    private static final Path CORE_PATTERN = Path.of("/proc/sys/kernel/core_pattern");

    /** Where the limit is lower, this needs the rights of root. */
    private static final String[] DUMPING = {"prlimit", "--core=unlimited:unlimited"};

    @TempDir
    Path directory;

    private final Map<String, List<Certificates>> pairs = new HashMap<>();

    /** The short form has the first two. */
    static Stream<Arguments> serversAndAlgorithms() {
        return Effort.cases(
                2,
                1,
                List.of(
                        Arguments.of(Server.TOMCAT, "RSA"),
                        Arguments.of(Server.NETTY, "Ed25519"),
                        Arguments.of(Server.JETTY, "EC"),
                        Arguments.of(Server.TOMCAT, "EC"),
                        Arguments.of(Server.TOMCAT, "Ed25519"),
                        Arguments.of(Server.JETTY, "RSA"),
                        Arguments.of(Server.JETTY, "Ed25519"),
                        Arguments.of(Server.NETTY, "RSA"),
                        Arguments.of(Server.NETTY, "EC")));
    }

    static Stream<Arguments> controls() {
        return Effort.cases(
                1,
                1,
                List.of(
                        Arguments.of(Server.TOMCAT, "RSA"),
                        Arguments.of(Server.JETTY, "EC"),
                        Arguments.of(Server.NETTY, "Ed25519")));
    }

    /** What was found of the keys. */
    private record Found(SortedSet<String> memory, SortedSet<String> heapDump, SortedSet<String> closed) {}

    @ParameterizedTest
    @MethodSource("serversAndAlgorithms")
    void noRequestFailsAndNoNumberOfAKeyIsLeft(Server server, String algorithm) throws Exception {
        Found found = run(server, "protected", algorithm);

        assertThat(found.memory()).isEmpty();
        assertThat(found.heapDump()).isEmpty();
        assertThat(found.closed()).isEmpty();
    }

    /** The control: a search that finds nothing proves something only if it finds ordinary keys. */
    @ParameterizedTest
    @MethodSource("controls")
    void theKeysOfSpringBootsOwnBundlesAreFound(Server server, String algorithm) throws Exception {
        Found found = run(server, "jdk", algorithm);

        assertThat(found.memory()).isNotEmpty();
        assertThat(found.heapDump()).isNotEmpty();
    }

    /** A core dump has the registers of all threads, too. */
    @ParameterizedTest
    @MethodSource("controls")
    void noNumberOfAKeyIsInACoreDump(Server server, String algorithm) throws Exception {
        assumeTrue(Effort.isThorough(), "part of -Pthorough");
        assumeTrue(Files.readString(CORE_PATTERN).startsWith("core"), "core dumps go elsewhere on this machine");
        Needs.launcher(DUMPING);
        makePairs(algorithm);
        try (RunningChild child = start(server, "protected", HANDSHAKES / 10, DUMPING)) {
            serve(child, server, true, HANDSHAKES / 10);
            child.signal("SEGV");

            assertThat(child.awaitExit(LIMIT))
                    .as("128 and the number of SIGABRT")
                    .isEqualTo(134);
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.filter(file -> file.getFileName().toString().startsWith("core")))
                    .singleElement()
                    .satisfies(core ->
                            assertThat(new ByteSearch(numbers()).foundIn(core)).isEmpty());
        }
    }

    private RunningChild start(Server server, String keys, int handshakes, String... launcher) {
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
    private void serve(RunningChild child, Server server, boolean rotates, int handshakes) throws Exception {
        child.awaitLine("STATE READY", LIMIT);
        int rotations = rotates ? rotateUntilLoaded(child, handshakes) : 0;
        System.out.println(server + ": " + handshakes + " handshakes and " + rotations + " rotations of both sides");
        int last = rotations % PAIRS;
        child.say(fingerprint("client", last));
        child.say(fingerprint("server", server.follows() ? last : 0));
        child.awaitLine("STATE FOLLOWED", LIMIT);
    }

    private Found run(Server server, String keys, String algorithm) throws Exception {
        makePairs(algorithm);
        try (RunningChild child = start(server, keys, HANDSHAKES)) {
            serve(child, server, !keys.equals("jdk"), HANDSHAKES);
            Map<String, byte[]> numbers = numbers();
            SortedSet<String> memory = ProcessSearch.find(child.pid(), numbers, map -> !map.isInaccessible());
            child.say("");
            child.awaitLine("STATE DUMPED", LIMIT);
            SortedSet<String> dump = new ByteSearch(numbers).foundIn(directory.resolve("heap.hprof"));
            child.say("");
            child.awaitLine("STATE CLOSED", LIMIT);
            SortedSet<String> closed = ProcessSearch.find(child.pid(), numbers, RotationIT::isAnything);
            child.say("");
            assertThat(child.awaitExit()).as(child.output()).isZero();
            return new Found(memory, dump, closed);
        }
    }

    private static boolean isAnything(MemoryMapping mapping) {
        return mapping.size() > 0;
    }

    private void makePairs(String algorithm) throws IOException {
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

    private Map<String, byte[]> numbers() {
        Map<String, byte[]> all = new HashMap<>();
        pairs.forEach((side, made) -> {
            for (int i = 0; i < made.size(); i++) {
                all.putAll(NumberTraces.of(side + " " + i, made.get(i).key()));
            }
        });
        return all;
    }
}
