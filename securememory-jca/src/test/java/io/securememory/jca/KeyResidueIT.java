package io.securememory.jca;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.test.Place;
import io.securememory.test.ResidueReport;
import io.securememory.test.ResidueSearch;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.MemoryMapping;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.ProcessImage;
import io.securememory.testing.RunningChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Another process signs; all its memory is searched for the numbers of the key. While the key can be used, they are in
 * memory that the process itself has no access to; when it is destroyed, they are nowhere.
 */
@OnceInShortForm
class KeyResidueIT {

    private static final Duration LIMIT = Duration.ofSeconds(100);

    @TempDir
    Path directory;

    private record Searched(ResidueReport open, ResidueReport closed) {}

    private static KeyPair pair(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        if (!algorithm.equals("Ed25519")) {
            generator.initialize(algorithm.equals("RSA") ? 2048 : 256);
        }
        return generator.generateKeyPair();
    }

    private Searched search(String engine, String algorithm, String signatures) throws Exception {
        KeyPair pair = pair(algorithm);
        List<String> arguments = new ArrayList<>(List.of(
                engine,
                algorithm,
                signatures,
                Integer.toString(Effort.of("tests.signatures", 900, 10_000)),
                write(engine, pair).toString()));
        if (pair.getPrivate() instanceof RSAPrivateCrtKey rsa) {
            arguments.add(rsa.getModulus().toString(16));
        }
        List<String> command = ChildJvm.onTestClassPath(KeyResidueProgram.class)
                .withNativeAccess()
                .options("-Xmx64m")
                .arguments(arguments.toArray(new String[0]))
                .command();
        try (SecureMemory session = SecureMemory.create();
                Secret key = session.secrets().create(pair.getPrivate().getEncoded());
                RunningChild child = RunningChild.start(command, directory)) {
            child.awaitLine("STATE OPEN", LIMIT);
            ResidueReport open = searched(key, child, map -> !map.isInaccessible());
            child.say("");
            child.awaitLine("STATE CLOSED", LIMIT);
            ResidueReport closed = searched(key, child, map -> true);
            child.say("");
            assertThat(child.awaitExit()).as(child.output()).isZero();
            return new Searched(open, closed);
        }
    }

    private ResidueReport searched(Secret key, RunningChild child, Predicate<MemoryMapping> mappings)
            throws IOException {
        ResidueSearch search = ResidueSearch.of(key).only(Place.GIVEN);
        ProcessImage.write(child.pid(), directory, mappings).forEach(search::alsoIn);
        ResidueReport report = search.run();
        assertThat(report.isProof()).as(report.toString()).isTrue();
        return report;
    }

    private Path write(String engine, KeyPair pair) throws IOException {
        Path file = directory.resolve("key");
        return Files.write(
                file, engine.equals("jdk") ? pair.getPrivate().getEncoded() : TestNumbers.of(pair.getPrivate()));
    }

    static Stream<Arguments> algorithms() {
        return Effort.cases(
                3,
                1,
                List.of(
                        Arguments.of("RSA", "SHA256withRSA"),
                        Arguments.of("EC", "SHA256withECDSA"),
                        Arguments.of("Ed25519", "Ed25519")));
    }

    static Stream<Arguments> controls() {
        return Effort.isThorough() ? algorithms() : algorithms().limit(1);
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void libcryptoLeavesNoNumber(String algorithm, String signatures) throws Exception {
        Searched found = search("libcrypto", algorithm, signatures);

        assertThat(found.open().findings()).isEmpty();
        assertThat(found.closed().findings()).isEmpty();
    }

    /** The control: a search that finds nothing proves something only if it finds ordinary keys. */
    @ParameterizedTest
    @MethodSource("controls")
    void theJdksKeysAreFound(String algorithm, String signatures) throws Exception {
        Searched found = search("jdk", algorithm, signatures);

        assertThat(found.open().findings()).isNotEmpty();
        assertThat(found.closed().findings()).isNotEmpty();
    }
}
