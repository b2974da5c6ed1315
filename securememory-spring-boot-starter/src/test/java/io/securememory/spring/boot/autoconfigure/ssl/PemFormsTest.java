package io.securememory.spring.boot.autoconfigure.ssl;

import static io.securememory.spring.boot.testsupport.Starter.location;
import static io.securememory.testing.PemForms.AS_BOOT;
import static io.securememory.testing.PemForms.OK;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.internal.SourceSecret;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.testing.Certificates;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.PemForms;
import io.securememory.testing.PemForms.Form;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringBootVersion;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.DefaultResourceLoader;

/** What Spring Boot's own bundle makes of a file, and what ours does: all that it reads, to the same keys and certificates. */
@Tag("boot")
@ExtendWith(OutputCaptureExtension.class)
@OnceInShortForm
class PemFormsTest {

    private static final String BUNDLE = "securememory.ssl.bundle.web.";

    /** For whoever wants to see it; in the directory of what the build makes. */
    private static final Path TABLE = Path.of("target", "pem-forms.md");

    private static final String ITERATIONS = "keystore.pkcs12.keyPbeIterationCount";

    /** Curves that the JDK knows, and does not compute with. */
    private static final List<String> CARRIED_ONLY = List.of("brainpoolP256r1", "secp256k1");

    private static final List<String> ROWS = new ArrayList<>();

    @TempDir
    Path directory;

    static List<Form> forms() {
        return PemForms.all();
    }

    /** Stores of keys are made and read hundreds of times here. */
    @BeforeAll
    static void makeStoresFast() {
        System.setProperty(ITERATIONS, "1");
    }

    @AfterAll
    static void makeStoresAsBefore() {
        System.clearProperty(ITERATIONS);
    }

    @AfterAll
    static void writeTable() throws IOException {
        String header = "| form | Spring Boot " + SpringBootVersion.getVersion() + ", Java "
                + Runtime.version().feature() + " | here |\n|---|---|---|\n";
        Files.writeString(TABLE, header + String.join("\n", ROWS) + "\n");
    }

    @ParameterizedTest
    @MethodSource("forms")
    void whatSpringBootReadsIsReadToTheSame(Form form) throws Exception {
        Path key = write("key", form.key());
        Path certificate = write("certificate", form.certificate());
        String boot = boot(key, certificate, form.passphrase());
        String ours = ours(key, certificate, form.passphrase());
        ROWS.add("| " + form.name() + " | " + shortened(boot) + " | " + shortened(ours) + " |");

        assertThat(ours).doesNotContain(Starter.MARKER);
        if (boot.startsWith(OK)) {
            assertThat(ours).isEqualTo(boot);
        }
        if (form.expected().equals(OK)) {
            assertThat(ours).startsWith(OK);
        } else if (form.expected().equals(AS_BOOT)) {
            assertThat(ours.startsWith(OK)).as(ours).isEqualTo(boot.startsWith(OK));
        } else {
            assertThat(ours).contains(form.expected());
        }
    }

    @Test
    void thereAreEnough() {
        assertThat(forms()).hasSizeGreaterThan(60);
        assertThat(forms().stream().map(Form::name)).doesNotHaveDuplicates();
    }

    /** Spring Boot takes every such key for one of secp384r1, and makes a bundle that cannot work. */
    @Test
    void sec1WithoutACurveIsOfTheCurveThatItsLengthSays() throws Exception {
        for (String curve : List.of("prime256v1", "secp384r1", "secp521r1")) {
            String stripped = withoutCurve(PemForms.file(curve + "-sec1.pem"));
            Path certificate = write("certificate", PemForms.file(curve + ".crt"));
            assertThat(ours(write("key", stripped), certificate, null)).startsWith(OK + " EC");
        }
        Path certificate = write("certificate", PemForms.file("secp256k1.crt"));
        String parameters = "-----BEGIN EC PARAMETERS-----\nBgUrgQQACg==\n-----END EC PARAMETERS-----\n";
        String stripped = withoutCurve(PemForms.file("secp256k1-sec1.pem"));
        assertThat(ours(write("key", parameters + stripped), certificate, null)).startsWith(OK);
        assertThat(ours(write("key", stripped), certificate, null)).contains("not that of the first certificate");
    }

    /** Spring Boot loses the second one. */
    @Test
    void certificatesThatAreJoinedWithoutALineBreakAreAllRead() throws Exception {
        String chain = PemForms.file("chain.crt");
        String joined = chain.replaceAll("-\\s+-", "--");
        assertThat(joined).contains("----------BEGIN");
        Path key = write("key", PemForms.file("prime256v1.pem"));

        assertThat(ours(key, write("certificate", joined), null))
                .startsWith(OK)
                .isEqualTo(ours(key, write("certificate", chain), null));
    }

    /** Version and number, and nothing else. */
    private static String withoutCurve(String sec1) {
        byte[] der = Base64.getMimeDecoder()
                .decode(sec1.replaceAll("-+(BEGIN|END) EC PRIVATE KEY-+", "").strip());
        int start = (der[1] & 0xFF) == 0x81 ? 3 : 2;
        byte[] inside = Arrays.copyOfRange(der, start, start + 3 + 2 + der[start + 4]);
        byte[] all = new byte[2 + inside.length];
        all[0] = 0x30;
        all[1] = (byte) inside.length;
        System.arraycopy(inside, 0, all, 2, inside.length);
        return Certificates.pem("EC PRIVATE KEY", all);
    }

    /** Spring Boot does not look whether key and certificate belong together. */
    @Test
    void keysOfOtherCertificatesAreNone() throws Exception {
        List<String> names = List.of(
                "rsa",
                "rsa1024",
                "pss",
                "pss-sha512",
                "prime256v1",
                "secp256k1",
                "brainpoolP256r1",
                "ED25519",
                "ED448",
                "X25519",
                "X448",
                "dsa");
        for (String one : names) {
            PrivateKey key = key(one);
            for (String other : names) {
                KeyPairing pairing = KeyPairing.of(key, certificate(other));
                KeyPairing same = CARRIED_ONLY.contains(one) ? KeyPairing.UNKNOWN : KeyPairing.PAIR;
                assertThat(pairing)
                        .as("%s and %s", one, other)
                        .isEqualTo(one.equals(other) ? same : KeyPairing.NO_PAIR);
            }
        }
    }

    private PrivateKey key(String name) {
        try (SecureMemory session = SecureMemory.create();
                Secret text =
                        session.secrets().create(PemForms.file(name + ".pem").getBytes(ISO_8859_1))) {
            return KeyMaker.read((SourceSecret) text, null);
        }
    }

    private X509Certificate certificate(String name) throws IOException {
        Path file = write("certificate", PemForms.file(name + ".crt"));
        return CertificateFiles.read("test", "file:" + file, new DefaultResourceLoader())
                .get(0);
    }

    @Test
    void whatCannotBeComputedIsWarnedOf(CapturedOutput output) throws Exception {
        for (String curve : CARRIED_ONLY) {
            Path key = write("key", PemForms.file(curve + ".pem"));
            assertThat(ours(key, write("certificate", PemForms.file(curve + ".crt")), null))
                    .startsWith(OK);
            assertThat(Starter.logged(output, "WARN", KeyPairing.class))
                    .anyMatch(
                            line -> line.contains("is not checked against the certificate of " + BUNDLE + "certificate")
                                    && line.contains(curve));
        }
    }

    private Path write(String name, String bytes) throws IOException {
        return Files.write(directory.resolve(name), bytes.getBytes(ISO_8859_1));
    }

    private static String boot(Path key, Path certificate, @Nullable String passphrase) {
        PemSslStoreDetails details = PemSslStoreDetails.forCertificate("file:" + certificate)
                .withPrivateKey("file:" + key)
                .withPrivateKeyPassword(passphrase);
        try {
            return described(new PemSslStoreBundle(details, null).getKeyStore());
        } catch (RuntimeException | GeneralSecurityException e) {
            return "refused: " + e.getMessage();
        }
    }

    private String ours(Path key, Path certificate, @Nullable String passphrase) throws IOException {
        ApplicationContextRunner runner = Starter.runner()
                .withConfiguration(
                        AutoConfigurations.of(SecureMemorySslAutoConfiguration.class, SslAutoConfiguration.class))
                .withPropertyValues(
                        location("key", key), BUNDLE + "private-key=key", BUNDLE + "certificate=file:" + certificate);
        if (passphrase != null) {
            Path file = Files.writeString(directory.resolve("passphrase"), passphrase + "\n");
            runner =
                    runner.withPropertyValues(location("passphrase", file), BUNDLE + "private-key-password=passphrase");
        }
        List<String> result = new ArrayList<>();
        runner.run(context -> {
            if (context.getStartupFailure() == null) {
                result.add(described(context.getBean(SslBundles.class)
                        .getBundle("web")
                        .getStores()
                        .getKeyStore()));
                assertThat(context.getBean(SecureMemory.class).status().liveBuffers())
                        .isZero();
            } else {
                result.add(refusal(context.getStartupFailure()));
            }
        });
        return result.get(0);
    }

    private static String refusal(Throwable failure) {
        Throwable cause = failure;
        while (!(cause instanceof DeclaredSecretException)) {
            assertThat(cause.getCause()).as("cause of %s", cause).isNotNull();
            cause = cause.getCause();
        }
        return "refused: " + cause.getMessage();
    }

    /** Whether the key is that of the certificate is more than whether two texts are the same: an opaque key has none. */
    private static String described(KeyStore keys) throws GeneralSecurityException {
        PrivateKey key = (PrivateKey) keys.getKey("ssl", null);
        StringBuilder text = new StringBuilder(OK)
                .append(' ')
                .append(key.getAlgorithm())
                .append(' ')
                .append(KeyPairing.of(key, keys.getCertificate("ssl")));
        for (Certificate certificate : keys.getCertificateChain("ssl")) {
            text.append(' ').append(HexFormat.of().formatHex(certificate.getEncoded()));
        }
        return text.toString();
    }

    /** Without keys, and without the paths of this run. */
    private static String shortened(String result) {
        return result.startsWith(OK)
                ? result.substring(0, result.indexOf(' ', OK.length() + 1))
                : result.replaceAll("/\\S*/", "").replaceAll("\\s+", " ").replace("|", "\\|");
    }
}
