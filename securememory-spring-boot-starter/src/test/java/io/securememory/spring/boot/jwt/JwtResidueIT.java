package io.securememory.spring.boot.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.SecureMemory;
import io.securememory.spring.boot.JwtAlgorithm;
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
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Another process signs and verifies tokens; all its memory is searched for the key. While the key can be used, it is in
 * memory that the process itself has no access to; when it is closed, it is nowhere.
 */
@OnceInShortForm
class JwtResidueIT {

    private static final Duration LIMIT = Duration.ofSeconds(100);

    @TempDir
    Path directory;

    private record Searched(ResidueReport open, ResidueReport closed) {}

    private Searched search(String kind, JwtAlgorithm algorithm) throws Exception {
        OrdinaryKey key = OrdinaryKey.of(algorithm);
        Path file = directory.resolve("key");
        if (kind.equals("nimbus")) {
            Files.writeString(file, key.jwk("any").toJSONString());
        } else {
            Files.write(file, key.content());
        }
        int tokens = Effort.of("tests.tokens", 900, 10_000);
        List<String> command = ChildJvm.onTestClassPath(JwtResidueProgram.class)
                .withNativeAccess()
                .options("-Xmx64m")
                .arguments(kind, algorithm.name(), Integer.toString(tokens), file.toString())
                .command();
        try (SecureMemory session = SecureMemory.create();
                RunningChild child = RunningChild.start(command, directory)) {
            child.awaitLine("STATE OPEN", LIMIT);
            ResidueReport open = searched(key.search(session), child, map -> !map.isInaccessible());
            child.say("");
            child.awaitLine("STATE CLOSED", LIMIT);
            ResidueReport closed = searched(key.search(session), child, map -> true);
            child.say("");
            assertThat(child.awaitExit()).as(child.output()).isZero();
            return new Searched(open, closed);
        }
    }

    private ResidueReport searched(ResidueSearch search, RunningChild child, Predicate<MemoryMapping> mappings)
            throws IOException {
        ProcessImage.write(child.pid(), directory, mappings).forEach(search::alsoIn);
        ResidueReport report = search.run();
        assertThat(report.isProof()).as(report.toString()).isTrue();
        return report;
    }

    static Stream<Arguments> keys() {
        return Effort.cases(
                2,
                1,
                List.of(
                        Arguments.of("SEALED", "HS256"),
                        Arguments.of("SEALED", "ES256"),
                        Arguments.of("PROTECTED", "HS256"),
                        Arguments.of("SEALED", "HS384"),
                        Arguments.of("PROTECTED", "HS512"),
                        Arguments.of("SEALED", "RS256"),
                        Arguments.of("PROTECTED", "PS256"),
                        Arguments.of("SEALED", "EDDSA")));
    }

    static Stream<JwtAlgorithm> controls() {
        return Effort.cases(
                1,
                1,
                List.of(
                        JwtAlgorithm.HS256,
                        JwtAlgorithm.HS512,
                        JwtAlgorithm.RS256,
                        JwtAlgorithm.ES256,
                        JwtAlgorithm.EDDSA));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void nothingOfTheKeyIsLeft(String storage, JwtAlgorithm algorithm) throws Exception {
        Searched found = search(storage, algorithm);

        assertThat(found.open().findings()).isEmpty();
        assertThat(found.closed().findings()).isEmpty();
    }

    /** The control: a search that finds nothing proves something only if it finds ordinary keys. */
    @ParameterizedTest
    @MethodSource("controls")
    void keysOfNimbusAreFound(JwtAlgorithm algorithm) throws Exception {
        Searched found = search("nimbus", algorithm);

        assertThat(found.open().findings()).isNotEmpty();
        assertThat(found.closed().findings()).isNotEmpty();
    }
}
