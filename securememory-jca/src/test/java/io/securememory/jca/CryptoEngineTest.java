package io.securememory.jca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.securememory.jca.CryptoEngine.Choice;
import io.securememory.jca.CryptoEngine.Kind;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which engine is chosen where the configuration of OpenSSL does not let it compute. */
class CryptoEngineTest {

    /** Without the provider that computes; and with it, but asking for properties that it does not have. */
    private static final String NO_PROVIDER = """
            openssl_conf = all
            [all]
            providers = providers
            [providers]
            base = base
            [base]
            activate = 1
            """;

    private static final String WRONG_PROPERTIES = """
            openssl_conf = all
            [all]
            providers = providers
            alg_section = algorithms
            [providers]
            default = default
            [default]
            activate = 1
            [algorithms]
            default_properties = fips=yes
            """;

    @ParameterizedTest
    @ValueSource(strings = {NO_PROVIDER, WRONG_PROPERTIES})
    void aLibraryThatMustNotComputeIsNotChosenAndTheReasonIsTold(String configuration, @TempDir Path directory)
            throws IOException {
        assumeThat(CryptoEngine.auto().kind())
                .as("not run: this machine has no libcrypto of OpenSSL 3")
                .isEqualTo(Kind.LIBCRYPTO);
        Path file = Files.writeString(directory.resolve("openssl.cnf"), configuration);

        Result result = ChildJvm.onTestClassPath(Child.class)
                .quickStart()
                .withNativeAccess()
                .options("-Xmx64m")
                .environment("OPENSSL_CONF", file.toString())
                .run();

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output())
                .containsSubsequence(
                        "auto: BOUNCYCASTLE",
                        "libcrypto cannot compute with keys: OpenSSL 3",
                        "(openssl.cnf)",
                        "libcrypto: libcrypto cannot compute with keys: OpenSSL 3",
                        "(openssl.cnf)");
    }

    /** The child. */
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) {
            CryptoEngine chosen = CryptoEngine.choose(Choice.AUTO, null);
            System.out.println("auto: " + chosen.kind() + ", " + chosen.consequence());
            try {
                System.out.println("libcrypto: " + CryptoEngine.choose(Choice.LIBCRYPTO, null));
            } catch (CryptoEngineException e) {
                System.out.println("libcrypto: " + e.getMessage());
            }
        }
    }
}
