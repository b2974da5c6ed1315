package io.securememory.memguard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.MalformedSecretException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which blocks of PEM text are certificates, and which may be keys in spite of their labels. */
class PemCertificatesTest {

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----\n";
    private static final String END = "-----END PRIVATE KEY-----\n";

    /** As Spring Boot, which takes everything for a certificate that has the word in its labels. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            CERTIFICATE, CERTIFICATE
            X509 CERTIFICATE, X.509 CERTIFICATE
            NEWCERTIFICATE, CERTIFICATES
            SIGNING_CERTIFICATE, my own certificate (mine)
            A-B CERTIFICATE, A--B--CERTIFICATE
            A-----B CERTIFICATE, PRIVATE KEY CERTIFICATE
            A CERTIFICATE- B CERTIFICATE, A CERTIFICATE-B
            A CERTIFICATE-B-C CERTIFICATE, CERTIFICATE PRIVATE KEY
            \u00fc CERTIFICATE, CERTIFICATE REQUEST
            """)
    void certificatesHaveTheWordAnywhereInTheirLabels(String begin, String end) {
        String block = "-----BEGIN " + begin + "-----\nQUJD\n-----END " + end + "-----";
        String other = "-----BEGIN CERTIFICATE-----RA==-----END CERTIFICATE-----";

        assertThat(certificates(block)).containsExactly("ABC");
        assertThat(certificates(block.replace("\n", "\r\n") + "\r\n" + block)).containsExactly("ABC", "ABC");
        assertThat(certificates(other + block + "\n" + other)).containsExactly("D", "ABC", "D");
        assertThat(certificates(BEGIN + "QUJD\n" + END + block + "\n" + BEGIN + "QUJD\n" + END))
                .containsExactly("ABC");
        assertThat(certificates(block + " " + (BEGIN + "QUJD\n" + END).replace("\n", " ") + other))
                .containsExactly("ABC", "D");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                BEGIN + "QUJD\n" + END,
                "-----BEGIN PRIVATE KEY----- a CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n",
                "-----BEGIN PRIVATE KEY----- QUJD -----END CERTIFICATE-----\n",
                "-----BEGIN X-----\nCERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n",
                "-----BEGINCERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICAT-----\nQUJD\n-----END CERTIFICATE-----\n",
                "-----BEGIN CERTIFICATE"
            })
    void otherBlocksAreNoCertificates(String text) {
        assertThat(PemText.of(bytes(text)).certificates()).isEmpty();
    }

    /** What is between could be read as Base64 of the URL-safe alphabet. */
    @ParameterizedTest
    @ValueSource(strings = {"-----END PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----", "-----END X-----"})
    void aCertificateDoesNotGoOnBehindTheEndOfAnything(String line) {
        String text = "-----BEGIN CERTIFICATE-----\nQUJD\n" + line + "\nQUJD\n-----END CERTIFICATE-----\n";
        PemText pem = PemText.of(bytes(text));

        assertThat(pem.certificates()).hasSize(1);
        assertThatExceptionOfType(MalformedSecretException.class)
                .isThrownBy(() -> pem.publicBytes(pem.certificates().get(0)))
                .withMessageContaining("no line -----END CERTIFICATE-----");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            30030201,                   false
            3082010030820100A003020102, true
            30808001,                   false
            3080308002010100,           true
            30810A308108A003020102,     true
            300A30080201010201010201,   true
            30800609,                   true
            308204A40201000282010100,   false
            302E0201010420,             false
            3082029F3009060130,         false
            3000,                       false
            30,                         false
            02010030300201,             false
            A0303002,                   false
            """)
    void theOutlineOfACertificateIsNotThatOfAKey(String hex, boolean expected) {
        String base64 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
        PemText pem = PemText.of(bytes("-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----"));

        assertThat(pem.isOutlineOfCertificate(pem.certificates().get(0))).isEqualTo(expected);
    }

    private static List<String> certificates(String text) {
        PemText pem = PemText.of(bytes(text));
        return pem.certificates().stream()
                .map(block -> new String(pem.publicBytes(block), ISO_8859_1))
                .toList();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }
}
