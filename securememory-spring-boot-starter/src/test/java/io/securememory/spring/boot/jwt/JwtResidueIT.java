package io.securememory.spring.boot.jwt;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.spring.boot.JwtAlgorithm;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.MemoryMapping;
import io.securememory.testing.ProcessSearch;
import io.securememory.testing.RunningChild;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Another process signs and verifies tokens; all its memory is searched for the key. While the key can be used, it is in
 * memory that the process itself has no access to; when it is closed, it is nowhere.
 */
class JwtResidueIT {

    private static final Duration LIMIT = Duration.ofSeconds(100);

    private static final int ATTEMPTS = 5;

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
        int tokens = Effort.of("tests.tokens", 1_500, 10_000);
        List<String> command = ChildJvm.onTestClassPath(JwtResidueProgram.class)
                .withNativeAccess()
                .options("-Xmx64m")
                .arguments(kind, algorithm.name(), Integer.toString(tokens), file.toString())
                .command();
        try (RunningChild child = RunningChild.start(command, directory)) {
            child.awaitLine("STATE OPEN", LIMIT);
            SortedSet<String> open = find(child, traces, map -> !map.isInaccessible());
            child.say("");
            child.awaitLine("STATE CLOSED", LIMIT);
            SortedSet<String> closed = find(child, traces, JwtResidueIT::isAnything);
            child.say("");
            assertThat(child.awaitExit()).as(child.output()).isZero();
            return new Searched(open, closed);
        }
    }

    /** The JVM may give memory back while it is read. Then all of it is searched anew. */
    private static SortedSet<String> find(
            RunningChild child, Map<String, byte[]> traces, Predicate<MemoryMapping> mappings) {
        for (int attempt = 1; true; attempt++) {
            try {
                return ProcessSearch.find(child.pid(), traces, mappings);
            } catch (UncheckedIOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private static boolean isAnything(MemoryMapping mapping) {
        return mapping.size() > 0;
    }

    @ParameterizedTest
    @CsvSource({
        "PROTECTED, HS256",
        "SEALED, HS256",
        "SEALED, HS384",
        "PROTECTED, HS512",
        "SEALED, RS256",
        "PROTECTED, PS256",
        "SEALED, ES256",
        "SEALED, EDDSA"
    })
    void nothingOfTheKeyIsLeft(String storage, JwtAlgorithm algorithm) throws Exception {
        Searched found = search(storage, algorithm);

        assertThat(found.open()).isEmpty();
        assertThat(found.closed()).isEmpty();
    }

    /** The control: a search that finds nothing proves something only if it finds ordinary keys. */
    @ParameterizedTest
    @EnumSource(names = {"HS256", "HS512", "RS256", "ES256", "EDDSA"})
    void keysOfNimbusAreFound(JwtAlgorithm algorithm) throws Exception {
        Searched found = search("nimbus", algorithm);

        assertThat(found.open()).isNotEmpty();
        assertThat(found.closed()).isNotEmpty();
    }
}
