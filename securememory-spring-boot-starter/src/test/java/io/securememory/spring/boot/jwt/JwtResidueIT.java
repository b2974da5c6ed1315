package io.securememory.spring.boot.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.spring.boot.JwtAlgorithm;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.MemoryMapping;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.ProcessSearch;
import io.securememory.testing.RunningChild;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
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

    private record Searched(SortedSet<String> open, SortedSet<String> closed) {}

    private Searched search(String kind, JwtAlgorithm algorithm) throws Exception {
        OrdinaryKey key = OrdinaryKey.of(algorithm);
        Map<String, byte[]> traces = key.traces();
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
        try (RunningChild child = RunningChild.start(command, directory)) {
            child.awaitLine("STATE OPEN", LIMIT);
            SortedSet<String> open = ProcessSearch.find(child.pid(), traces, map -> !map.isInaccessible());
            child.say("");
            child.awaitLine("STATE CLOSED", LIMIT);
            SortedSet<String> closed = ProcessSearch.find(child.pid(), traces, JwtResidueIT::isAnything);
            child.say("");
            assertThat(child.awaitExit()).as(child.output()).isZero();
            return new Searched(open, closed);
        }
    }

    private static boolean isAnything(MemoryMapping mapping) {
        return mapping.size() > 0;
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

        assertThat(found.open()).isEmpty();
        assertThat(found.closed()).isEmpty();
    }

    /** The control: a search that finds nothing proves something only if it finds ordinary keys. */
    @ParameterizedTest
    @MethodSource("controls")
    void keysOfNimbusAreFound(JwtAlgorithm algorithm) throws Exception {
        Searched found = search("nimbus", algorithm);

        assertThat(found.open()).isNotEmpty();
        assertThat(found.closed()).isNotEmpty();
    }
}
