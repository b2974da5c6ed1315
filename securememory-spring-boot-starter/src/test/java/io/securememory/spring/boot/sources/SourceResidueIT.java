package io.securememory.spring.boot.sources;

import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.testing.Certificates;
import io.securememory.testing.Effort;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Result;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Sources that are read again and again: the search finds no copy but those that are documented. */
@OnceInShortForm
class SourceResidueIT {

    @TempDir
    Path directory;

    private static String random() {
        byte[] bytes = new byte[24];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** What TLS is done with, and the options for it. */
    static Stream<Arguments> ways() {
        return Effort.cases(
                1,
                1,
                List.of(
                        Arguments.of("the JDK's choice", new String[0]),
                        Arguments.of("TLS 1.2", new String[] {"-Djdk.tls.client.protocols=TLSv1.2"}),
                        Arguments.of(
                                "ChaCha20-Poly1305",
                                new String[] {"-Djdk.tls.client.cipherSuites=TLS_CHACHA20_POLY1305_SHA256"})));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ways")
    void nothingIsLeftButWhatIsDocumented(String way, String[] options) {
        Certificates certificates = Certificates.of("EC");
        String otherPlain = random();
        String otherTls = random();
        String token = random();
        write(directory, "token", token);
        write(directory, "trusted", certificates.certificatePem());
        write(directory, "written", random());
        write(directory, "bean", random());
        write(directory, "otherPlain", otherPlain);
        write(directory, "otherTls", otherTls);
        try (Vault plain = Vault.plain().opensFor(token).with(random());
                Vault secure = Vault.secure(certificates).opensFor(token).with(random());
                Vault forOthers = Vault.plain().with(otherPlain);
                Vault secureForOthers = Vault.secure(certificates).with(otherTls)) {
            Result result = Starter.child(SourceResidueProgram.class)
                    .withNativeAccess()
                    .options(options)
                    .environment("RESIDUE_SECRET", random())
                    .arguments(directory.toString())
                    .arguments(plain.url(), secure.url(), forOthers.url(), secureForOthers.url())
                    .within(Duration.ofSeconds(100))
                    .run(directory);
            assertThat(result.output()).as(way).contains("PROOF true");
            Map<String, Integer> found = found(result);
            // The collector may move the array of the TLS engine while it is in use, but not each time.
            assertThat(found.getOrDefault("tls", 0))
                    .as(way + "\n" + result.output())
                    .isLessThanOrEqualTo(1);
            found.remove("tls");
            assertThat(found).as(way + "\n" + result.output()).containsOnlyKeys("otherPlain", "otherTls", "variable");
            assertThat(found.get("otherTls")).as("the control").isGreaterThan(1);
        }
    }

    /** How many copies of each secret were found. */
    private static Map<String, Integer> found(Result result) {
        return result.output()
                .lines()
                .filter(line -> line.startsWith("FINDING"))
                .map(line -> line.split("\t", -1))
                .collect(Collectors.toMap(
                        parts -> parts[1], parts -> Integer.parseInt(parts[4]), Integer::sum, TreeMap::new));
    }
}
