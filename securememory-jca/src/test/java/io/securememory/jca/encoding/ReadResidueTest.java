package io.securememory.jca.encoding;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.internal.SourceSecret;
import io.securememory.test.Finding;
import io.securememory.test.Place;
import io.securememory.test.ResidueReport;
import io.securememory.test.ResidueSearch;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Effort;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.PemForms;
import io.securememory.testing.ProcessImage;
import io.securememory.testing.RunningChild;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is left in a process that has read keys many times, and has closed them. */
@OnceInShortForm
class ReadResidueTest {

    private static final int TIMES = Effort.of("tests.reads", 150, 2_000);

    @TempDir
    Path directory;

    /** The same key in another form, and in the one that the JDK reads. The short form has one of each way of reading. */
    static Stream<Arguments> keys() {
        Stream<Arguments> some = Stream.of(
                Arguments.of("RSA", "rsa.pem", "rsa.pem"), Arguments.of("EC", "prime256v1-sec1.der", "prime256v1.pem"));
        Stream<Arguments> more = Stream.of(
                Arguments.of("RSA", "rsa.der", "rsa.pem"),
                Arguments.of("RSA", "rsa-pkcs1.pem", "rsa.pem"),
                Arguments.of("EC", "secp521r1.pem", "secp521r1.pem"),
                Arguments.of("EdDSA", "ED25519.pem", "ED25519.pem"));
        return Effort.isThorough() ? Stream.concat(some, more) : some;
    }

    @ParameterizedTest
    @MethodSource("keys")
    void noNumberIsLeft(String algorithm, String file, String pkcs8) throws GeneralSecurityException, IOException {
        Path key = Files.write(directory.resolve("key"), PemForms.file(file).getBytes(ISO_8859_1));
        try (SecureMemory session = SecureMemory.create();
                Secret numbers = session.secrets().create(jdk(algorithm, pkcs8).getEncoded())) {
            assertThat(left(numbers, Reads.class, key.toString())).isEmpty();
            assertThat(left(numbers, ReadsByTheJdk.class, algorithm, pkcs8)).isNotEmpty();
        }
    }

    private List<Finding> left(Secret numbers, Class<?> program, String... arguments) throws IOException {
        try (RunningChild child = RunningChild.start(
                ChildJvm.onTestClassPath(program)
                        .withNativeAccess()
                        .arguments(arguments)
                        .command(),
                directory)) {
            child.awaitLine("read");
            ResidueSearch search = ResidueSearch.of(numbers).only(Place.GIVEN);
            ProcessImage.write(child.pid(), directory, mapping -> true).forEach(search::alsoIn);
            ResidueReport report = search.run();
            assertThat(report.isProof()).as(report.toString()).isTrue();
            return report.findings();
        }
    }

    private static PrivateKey jdk(String algorithm, String file) throws GeneralSecurityException {
        byte[] der = Base64.getMimeDecoder().decode(PemForms.file(file).replaceAll("-.*-", ""));
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
    }

    /** Reads the key in a file until the compilers are through with it. */
    static final class Reads {

        public static void main(String[] arguments) throws IOException {
            try (SecureMemory session = SecureMemory.create()) {
                for (int i = 0; i < TIMES; i++) {
                    try (Secret text = session.secrets().read(Path.of(arguments[0]))) {
                        PrivateKeyText.read((SourceSecret) text, null);
                    }
                }
                System.out.println("read");
                System.in.read();
            }
        }
    }

    static final class ReadsByTheJdk {

        public static void main(String[] arguments) throws IOException, GeneralSecurityException {
            PrivateKey key = jdk(arguments[0], arguments[1]);
            System.out.println("read");
            System.in.read();
            System.out.println(key.getAlgorithm());
        }
    }
}
