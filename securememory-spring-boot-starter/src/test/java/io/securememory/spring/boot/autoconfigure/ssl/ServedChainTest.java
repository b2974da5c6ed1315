package io.securememory.spring.boot.autoconfigure.ssl;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.spring.boot.testsupport.Way;
import io.securememory.spring.boot.watch.WatchState;
import io.securememory.testing.Certificates;
import io.securememory.testing.PemForms;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.health.application.SslHealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.info.SslInfo;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Which certificates of a file are used, and in which order: always a chain, as key stores take nothing else. */
@ExtendWith(OutputCaptureExtension.class)
class ServedChainTest {

    private static final List<String> THREE = blocks(PemForms.file("three.crt"));
    private static final String FOREIGN = PemForms.file("leaf.crt");

    private final Certificates old = Certificates.of("EC");

    @TempDir
    Path directory;

    private static List<String> blocks(String text) {
        return List.of(text.split("(?<=END CERTIFICATE-----\n)"));
    }

    private static String file(String letters) {
        StringBuilder text = new StringBuilder();
        for (char letter : letters.toCharArray()) {
            text.append(
                    switch (letter) {
                        case 'e' -> THREE.get(0);
                        case 'm' -> THREE.get(1);
                        case 'r' -> THREE.get(2);
                        case 'o' -> PemForms.file("other-root.crt");
                        case 'l' -> PemForms.file("rsa.crt");
                        default -> FOREIGN;
                    });
        }
        return text.toString();
    }

    private static List<X509Certificate> certificates(String letters) throws CertificateException {
        byte[] text = file(letters).getBytes(ISO_8859_1);
        return CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(text)).stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    /** End, middle and root; another root of that name, one that signs itself as localhost, and a foreign one. */
    @ParameterizedTest
    @CsvSource({
        "e, e",
        "em, em",
        "emr, emr",
        "erm, emr",
        "ee, e",
        "emm, em",
        "emrr, emr",
        "eemmrr, emr",
        "ef, e",
        "efm, em",
        "emf, em",
        "emrf, emr",
        "fe, f",
        "er, e",
        "eor, e",
        "emor, emor",
        "emro, emro",
        "eom, emo",
        "emo, emo",
        "efmfrf, emr",
        "lf, l",
        "ll, l",
        "re, r",
        "rofe, r",
        "fl, fl",
        "flr, fl",
        "lfl, l",
        "flf, fl"
    })
    void whatIsUsedIsTheFirstAndEachIssuerOfTheOneBefore(String held, String chain) throws Exception {
        List<X509Certificate> used = ServedChain.of(certificates(held));

        assertThat(used).isEqualTo(certificates(chain));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("ssl", old.key(), new char[0], used.toArray(Certificate[]::new));
        assertThat(keys.getCertificateChain("ssl")).hasSize(used.size());
    }

    private WatchFixture start(Certificates pair, String certificates) {
        WatchFixture fixture = new WatchFixture(directory, true).with(pair, Certificates.of("RSA"));
        Starter.write(directory, "certificate", certificates);
        return fixture.start();
    }

    private static Certificate[] chain(WatchFixture fixture) throws GeneralSecurityException {
        return fixture.bundles.getBundle("web").getStores().getKeyStore().getCertificateChain("ssl");
    }

    private static Status health(WatchFixture fixture) {
        return new SslHealthIndicator(new SslInfo(fixture.bundles), Duration.ZERO)
                .health()
                .getStatus();
    }

    private List<String> warnings(CapturedOutput output) {
        return Starter.logged(output, "WARN", ServedChain.class);
    }

    @Test
    void whatIsLeftOutAtTheStartIsWarnedOfOnce(CapturedOutput output) throws Exception {
        try (WatchFixture fixture = start(old, old.certificatePem() + FOREIGN + FOREIGN)) {
            assertThat(chain(fixture)).containsExactly(old.certificate());
            assertThat(health(fixture)).isEqualTo(Status.UP);
            for (int i = 0; i < 30; i++) {
                fixture.interval();
            }
            assertThat(warnings(output)).hasSize(1);
            assertThat(warnings(output).get(0))
                    .contains("'web'", fixture.file("certificate").toString(), "2 (CN=leaf), 3 (CN=leaf)")
                    .doesNotContain("1 (");
        }
    }

    @Test
    void aReloadWithWhatDoesNotBelongLeavesTheBundleUsableAndTheHealthUp(CapturedOutput output) throws Exception {
        try (WatchFixture fixture = start(old, old.certificatePem())) {
            List<Integer> usable = new ArrayList<>();
            fixture.bundles.addBundleUpdateHandler(
                    "web",
                    bundle -> usable.add(
                            bundle.getStores().getKeyStore().getProvider().size()));
            Certificates renewed = old.renewed();
            Way.RENAMED.write(fixture.file("certificate"), renewed.certificatePem() + FOREIGN);
            fixture.interval();

            assertThat(usable).hasSize(1);
            assertThat(chain(fixture)).containsExactly(renewed.certificate());
            assertThat(fixture.bundleStatus().state()).isEqualTo(WatchState.CURRENT);
            assertThat(health(fixture)).isEqualTo(Status.UP);
            assertThat(warnings(output)).hasSize(1);

            Way.RENAMED.write(fixture.file("certificate"), renewed.certificatePem() + FOREIGN + file("r"));
            fixture.interval();
            assertThat(usable).as("the same chain").hasSize(1);
            assertThat(warnings(output)).as("of new content").hasSize(2);

            Way.RENAMED.write(fixture.file("certificate"), renewed.certificatePem());
            fixture.interval();
            assertThat(warnings(output)).hasSize(2);
        }
    }

    /** What is said is that the first one is not that of the key. */
    @Test
    void certificatesOfAnotherKeyAreNotWarnedOf(CapturedOutput output) throws IOException {
        try (WatchFixture fixture = start(old, old.certificatePem())) {
            Way.RENAMED.write(fixture.file("certificate"), FOREIGN + old.certificatePem());
            for (int i = 0; i < 30; i++) {
                fixture.interval();
            }
            assertThat(fixture.served()).isEqualTo(old.certificate());
            assertThat(fixture.bundleStatus().state()).isEqualTo(WatchState.WAITING);
            assertThat(warnings(output)).isEmpty();
        }
    }

    @Test
    void ofManyOnlySomeAreNamedAndNoNameBreaksTheLine() throws CertificateException {
        X509Certificate[] many = new X509Certificate[300];
        Arrays.fill(many, certificates("f").get(0));
        many[0] = certificates("e").get(0);

        assertThat(ServedChain.leftOut(List.of(many), List.of(many[0])))
                .startsWith("2 (CN=leaf), 3 (CN=leaf)")
                .endsWith(", and 294 more")
                .hasSizeLessThan(200);
        assertThat(ServedChain.shown("CN=a\nb\u0085c" + "d".repeat(500)))
                .startsWith("CN=a?b?cddd")
                .hasSizeLessThan(120);
        assertThat(ServedChain.shown("")).isEqualTo("no name");
    }
}
