package io.securememory.memguard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.Format;
import io.securememory.MalformedSecretException;
import io.securememory.SecureMemory;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which blocks are found in PEM text, what they stand for, and where text is refused. */
class PemTextTest {

    private final SecureMemory session = SecureMemory.create();

    @AfterEach
    void nothingIsLeftOpen() {
        assertThat(session.status().liveBuffers()).isZero();
        session.close();
    }

    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----\n";
    private static final String END = "-----END PRIVATE KEY-----\n";

    @ParameterizedTest
    @ValueSource(
            strings = {
                BEGIN + "QUJD\n" + END,
                BEGIN + "QUJD\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY----- QUJD -----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----QUJD-----END PRIVATE KEY-----",
                "  " + BEGIN + "\tQUJD  \n  " + END,
                "-----BEGIN PRIVATE KEY-----  \r\nQU\r\n\r\nJD\r\n-----END PRIVATE KEY----- \r\n\r\n",
                "-----BEGIN PRIVATE KEY-----\rQUJD\r-----END PRIVATE KEY-----\r",
                "\u00ef\u00bb\u00bf" + BEGIN + "Q\nU\nJ\nD\n" + END,
                "\u00ff\u00fe" + BEGIN + "QUJD\n" + END,
                "\u00fe\u00ff" + BEGIN + "QUJD\n" + END,
                "\u00ff\u00fe\n" + BEGIN + "QUJD\0\n" + END,
                "# -BEGIN PRIVATE KEY of mine follows\n" + BEGIN + "QUJD\n" + END,
                "# ---- END PRIVATE KEY of yours ----\n" + BEGIN + "QUJD\n" + END,
                "-BEGIN PRIVATE KEY of\nmine-\nQUJD\n-END PRIVATE KEY of\nmine-",
                "# a - comment -- with dashes\n" + BEGIN + "QUJD\n" + END + "--\nthe end",
                "Bag Attributes\n  localKeyID: 01 \nKey Attributes: <No Attributes>\n" + BEGIN + "QUJD\n" + END,
                "-----BEGIN CERTIFICATE-----\nQQ==\n-----END CERTIFICATE-----\n" + BEGIN + "QUJD\n" + END,
                "-----BEGIN EC PARAMETERS-----\nQQ==\n-----END EC PARAMETERS-----\n" + BEGIN + "QUJD\n" + END,
                BEGIN + "QUJD\n" + END + BEGIN + "QQ==\n" + END,
                BEGIN + "QQ==\n" + BEGIN + "QUJD\n" + END,
                "-begin private key-\nQUJD\n-end private key-\n",
                "--------BEGIN  PRIVATE\tKEY (mine)--------\nQUJD\n----END PRIVATE KEY----\n",
                BEGIN + "Comment: something\n\nQUJD\n" + END,
                BEGIN + "Comment: some-thing\n and more of it\nX: y\n\n\nQU\n\nJD\n" + END,
                BEGIN + "X: y\n\tfolded\n\nQUJD\n" + END,
                BEGIN + "X: y\nQUJD\n" + END,
                BEGIN + "X:y\nX:\n more\n\nQUJD\n" + END,
                BEGIN + "\n\nMIC-Info: RSA-MD5,RSA,QUJD\nQUJD\n" + END,
                "-----BEGIN PRIVATE KEY-----\rX: y\r\rQUJD\r-----END PRIVATE KEY-----\r",
                "  " + BEGIN + "  X: y\r\n  \r\n  QUJD\r\n  " + END,
                "-----BEGIN RSA PRIVATE KEY-----\nQQ==\n" + BEGIN + "QUJD\n" + END
            })
    void theKeyIsFoundHoweverItIsWritten(String text) {
        assertThat(decoded(text)).isEqualTo("ABC");
    }

    @Test
    void ofSeveralKeysTheKindDecides() {
        String key = BEGIN + "QQ==\n" + END;
        assertThat(decoded(key + key.replace("PRIVATE", "ENCRYPTED PRIVATE").replace("QQ", "Qg")))
                .isEqualTo("A");
        assertThat(decoded(key + key.replace("PRIVATE", "EC PRIVATE").replace("QQ", "Qg")))
                .isEqualTo("B");
        assertThat(decoded(key + key.replace("PRIVATE", "RSA PRIVATE").replace("QQ", "Qg")))
                .isEqualTo("B");
        assertThat(decoded(key.replace("PRIVATE KEY", "X509 CRL"))).isEqualTo("A");
    }

    /** Other readers do not look at bits that belong to no byte. */
    @Test
    void bitsBehindTheLastByteMayBeAnything() {
        assertThat(decoded(BEGIN + "QR==\n" + END)).isEqualTo("A");
        assertThat(decoded(BEGIN + "QQ\n" + END)).isEqualTo("A");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            '\u00ff\u00fe-\0-\0B\0E\0G\0I\0N\0',                        0, UTF-16
            '\u00fe\u00ff\0-\0-\0B',                               0, UTF-16
            '\u00ff\u00fe--BEGI',                                     8, no line that begins with -----BEGIN
            '\u00ff\u00fe',                                           2, no line that begins with -----BEGIN
            'x',                                                  1, no line that begins with -----BEGIN
            'BEGIN PRIVATE KEY-----\nQUJD\n',                     28, no line that begins with
            '-----BEGIN PRIVATE KEY-----\nQUJD\n',                33, no line that begins with -----END
            '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----', 27, nothing between
            '-----BEGIN PRIVATE KEY-----\n  \n-----END PRIVATE KEY-----', 27, nothing between
            '-----BEGIN PRIVATE KEY-----\nMA$A\n-----END PRIVATE KEY-----', 30, alphabet
            '-----BEGIN PRIVATE KEY-----\nQ+-D\n-----END PRIVATE KEY-----', 30, mixes
            '-----BEGIN PRIVATE KEY-----\n\\nQUJD-----END PRIVATE KEY-----', 28, alphabet
            '-----BEGIN PRIVATE KEY-----\nQUJDQ\n-----END PRIVATE KEY-----', 33, middle of a group
            '-----BEGIN PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: X,00\n\nQUJD\n-----END PRIVATE KEY-----', 27, encrypted
            '-----BEGIN PRIVATE KEY-----\nProc-Type: 4,\n\nencrypted\n\nQUJD\n-----END PRIVATE KEY-----', 38, Proc-Type
            '-----BEGIN PRIVATE KEY-----\nProc-Type: 4,ENCRYPTEDQUJD\nQUJD\n-----END PRIVATE KEY-----', 38, Proc-Type
            """)
    void whatIsMalformedIsRefusedWithItsPlace(String text, int position, String problem) {
        assertThatExceptionOfType(MalformedSecretException.class)
                .isThrownBy(() -> decoded(text))
                .satisfies(e -> assertThat(e.problem()).contains(problem))
                .satisfies(e -> assertThat(e.position()).isEqualTo(position));
    }

    /** Behind the first line, which has 27 bytes. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            '\nQU:JD\n', 30
            '\nQU: JD\nQU:JD\n', 30
            '\nMIIE: QUJD\nQUJD\n', 32
            '\nMIIE: QUJD\n\nQUJD\n', 32
            '\nMIIE:QUJD\n\nQUJD\n', 32
            '\nM: QUJD\n\nQUJD\n', 29
            '\n: QUJD\n\nQUJD\n', 28
            '\nQUJD:\nQUJD\n', 32
            '\nQUJD:  \nQUJD\n', 32
            '\nQU JD x:\nQUJD\n', 35
            '\nQUJD\nX: y\nQUJD\n', 34
            '\nQUJD\n\nX: y\n\nQUJD\n', 35
            '\nX: y\nMIIE: QUJD\nQUJD\n', 37
            '\nX: y\n\nQUJD\nQU:JD\n', 41
            '\nX: y\n\nZ: QUJD\n', 35
            '\nX: y\n QUJD\nQUJD\n', 29
            '\r\nMIIE:\r\n\r\nQUJD\r\n', 33
            ' MIIE: QUJD ', 32
            """)
    void aColonInADamagedKeyIsNoHeader(String body, int position) {
        assertThatExceptionOfType(MalformedSecretException.class)
                .isThrownBy(() -> decoded("-----BEGIN PRIVATE KEY-----" + body + END))
                .satisfies(e -> assertThat(e.problem()).contains("alphabet"))
                .satisfies(e -> assertThat(e.position()).isEqualTo(position));
    }

    /** What may be of a key is left where it is. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            'Comment: of mine\nX: y\n\nQUJD\n',                                      ''
            'X: y\nproc-type:4,encrypted\nX: y\nDek-Info:des-cbc,00ff\nX: y\n\nQUJD\n', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: DES-CBC,00FF'
            'Proc-Type: 4, ENCRYPTED \n\nDEK-Info: DES-CBC,\n 00FF\n\nQUJD\n',      'Proc-Type: 4,ENCRYPTED\nDEK-Info: DES-CBC,00FF'
            '  Proc-Type: 4,ENCRYPTED\n  DEK-Info: DES-CBC,00FF\n  QUJD\n',          'Proc-Type: 4,ENCRYPTED\nDEK-Info: DES-CBC,00FF'
            'Proc-Type: 4,ENCRYPTED\nDEK-Info: DES-CBC,00FFQUJDQUJD\n\nQUJD\n',       'Proc-Type: 4,ENCRYPTED'
            'Proc-Type: 4,ENCRYPTED\nDEK-Info: QUJDQUJDQUJD\n\nQUJD\n',               'Proc-Type: 4,ENCRYPTED'
            """)
    void noHeadersAreToldButThoseOfEncryption(String body, String headers) {
        try (LockedBuffer buffer = session.memGuard().moveFrom((BEGIN + body + END).getBytes(ISO_8859_1))) {
            String told = buffer.withBytes(view -> {
                PemText pem = PemText.of(view);
                assertThat(pem.length(pem.main())).isEqualTo(3);
                return pem.headers(pem.main());
            });
            assertThat(told).isEqualTo(headers);
        }
    }

    @Test
    void headersAreTold() {
        String text = BEGIN + "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\nQUJD\n" + END;
        try (LockedBuffer buffer = session.memGuard().moveFrom(text.getBytes(ISO_8859_1))) {
            String headers = buffer.withBytes(view -> {
                PemText pem = PemText.of(view);
                return pem.headers(pem.main());
            });
            assertThat(headers).isEqualTo("Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF");
            String none = buffer.withBytes(view -> {
                PemText pem = PemText.of(view, 0, view.length());
                return pem.headers(new PemText.Block("", 0, 5, 5, 9));
            });
            assertThat(none).isEmpty();
        }
    }

    @Test
    void publicBlocksAreReadFromAnyBuffer() {
        String certificates = "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----\n";
        byte[] text =
                (certificates + BEGIN + "QQ==\n" + END + certificates.replace("QUJD", "RA==")).getBytes(ISO_8859_1);
        ByteBuffer buffer = ByteBuffer.allocateDirect(text.length).put(text).flip();
        PemText pem = PemText.of(buffer);

        List<String> contents = pem.blocks("CERTIFICATE").stream()
                .map(block -> new String(pem.publicBytes(block), ISO_8859_1))
                .toList();

        assertThat(contents).containsExactly("ABC", "D");
        assertThat(pem.isPem()).isTrue();
        assertThat(PemText.of(ByteBuffer.allocate(9)).isPem()).isFalse();
        PemText utf16 = PemText.of(ByteBuffer.wrap(new byte[] {-1, -2, '-', 0}));
        assertThatExceptionOfType(MalformedSecretException.class).isThrownBy(utf16::isPem);
    }

    /** As {@code cat} joins files that do not end with a line break: the dashes between two blocks are of both. */
    @ParameterizedTest
    @ValueSource(strings = {"----------", "-----", "-", "------", "----- -----", "-----\n-----"})
    void blocksNeedNoLineBreakBetween(String between) {
        String text = "-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE" + between
                + "BEGIN CERTIFICATE-----\nRA==\n-----END CERTIFICATE" + between + "BEGIN PRIVATE KEY-----\nQQ==\n"
                + END;
        PemText pem = PemText.of(ByteBuffer.wrap(text.getBytes(ISO_8859_1)));

        assertThat(pem.blocks("CERTIFICATE").stream().map(block -> new String(pem.publicBytes(block), ISO_8859_1)))
                .containsExactly("ABC", "D");
        assertThat(pem.blocks(""))
                .hasSize(3)
                .allSatisfy(block -> assertThat(block.end()).isPositive());
        assertThat(decoded(text)).isEqualTo("A");
    }

    /** Into memory of its own, and over the text. */
    private String decoded(String text) {
        try (LockedBuffer source = session.memGuard().moveFrom(text.getBytes(ISO_8859_1))) {
            int size = source.withBytes(view -> TextDecoder.length(Format.PEM, view, 0, view.length()));
            byte[] bytes = new byte[size];
            source.melt();
            source.mutate(view -> {
                TextDecoder.decode(Format.PEM, view, 0, view.length(), view);
                view.copyTo(0, bytes, 0, size);
            });
            return new String(bytes, ISO_8859_1);
        }
    }
}
