package io.securememory.memguard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.Format;
import io.securememory.MalformedSecretException;
import io.securememory.SecretView;
import io.securememory.SecureMemory;
import io.securememory.testing.Effort;
import io.securememory.testing.Seed;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What hexadecimal and Base64 text in native memory stands for, and what is refused, byte by byte. */
class TextDecoderTest {

    private final SecureMemory session = SecureMemory.create();

    @AfterEach
    void nothingIsLeftOpen() {
        assertThat(session.status().liveBuffers()).isZero();
        session.close();
    }

    @Test
    void randomBytesComeBackFromEitherEncodingHoweverItIsWritten() {
        Random random = Seed.random("TextDecoderTest");
        for (int length = 1; length < 200; length++) {
            byte[] bytes = new byte[length];
            random.nextBytes(bytes);
            assertThat(hex(HexFormat.of().formatHex(bytes))).isEqualTo(bytes);
            assertThat(hex(HexFormat.of().withUpperCase().formatHex(bytes))).isEqualTo(bytes);
            for (Base64.Encoder encoder : List.of(
                    Base64.getEncoder(),
                    Base64.getEncoder().withoutPadding(),
                    Base64.getUrlEncoder(),
                    Base64.getUrlEncoder().withoutPadding(),
                    Base64.getMimeEncoder(),
                    Base64.getMimeEncoder(4, new byte[] {'\n'}))) {
                assertThat(base64(encoder.encodeToString(bytes))).isEqualTo(bytes);
            }
        }
    }

    /** The JDK's decoders are the reference; of theirs, one accepts bits that belong to no byte, which are refused here. */
    @Test
    void everyShortTextIsTakenOrRefusedAsTheReferenceDoes() {
        String characters = Effort.isThorough() ? "Aa9+/-_=$ \u00e1" : "A9+_= \u00e1";
        int kinds = characters.length();
        int taken = 0;
        List<String> texts = new ArrayList<>(List.of(""));
        for (int next = 0; texts.get(next).length() < 4; next++) {
            for (char character : characters.toCharArray()) {
                texts.add(texts.get(next) + character);
            }
        }
        for (String text : texts) {
            if (text.isBlank()) {
                continue; // Stands for no byte.
            }
            byte[] expected = reference(text.replace(" ", ""));
            if (expected == null) {
                assertThatExceptionOfType(MalformedSecretException.class)
                        .as("'%s'", text)
                        .isThrownBy(() -> base64(text));
            } else {
                assertThat(base64(text)).as("'%s'", text).isEqualTo(expected);
                taken++;
            }
        }
        assertThat(texts).hasSize(1 + kinds * (1 + kinds * (1 + kinds * (1 + kinds))));
        assertThat(taken).isBetween(texts.size() / 30, texts.size() / 3);
    }

    private static byte[] reference(String text) {
        for (Base64.Decoder decoder : List.of(Base64.getDecoder(), Base64.getUrlDecoder())) {
            try {
                byte[] bytes = decoder.decode(text.getBytes(ISO_8859_1));
                String again = Base64.getEncoder().encodeToString(bytes);
                String standard = text.replace('-', '+').replace('_', '/');
                if (again.equals(standard) || again.replace("=", "").equals(standard)) {
                    return bytes;
                }
            } catch (IllegalArgumentException e) {
                continue;
            }
        }
        return null;
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            'QUJ$',       3, alphabet
            ' QUJ$',      4, alphabet
            'Q',          1, middle of a group
            'QUJDQ',      5, middle of a group
            'QUJDQ \n',   5, middle of a group
            'QUI=X',      4, behind the padding
            'QUI= X',     5, behind the padding
            'QUI=QUI=',   4, behind the padding
            'QQ=',        3, middle of a group
            'QQ===',      4, padding where none belongs
            'QUI==',      4, padding where none belongs
            'QUJD=',      4, padding where none belongs
            'Q===',       1, padding where none belongs
            '=',          0, padding where none belongs
            'QR==',       1, bits that belong to no byte
            'QR= =',      1, bits that belong to no byte
            'QUJ',        2, bits that belong to no byte
            'QUJD-_+/',   6, mixes
            'QUJD+/-_',   6, mixes
            'QUJD\u00a0', 4, alphabet
            '\u00ff\u00feQ\0U\0', 0, UTF-16
            '\u00fe\u00ff\0Q\0U', 0, UTF-16
            """)
    void malformedBase64IsRefusedAtItsFirstBadByte(String text, int position, String problem) {
        refused(() -> base64(text), position, problem);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            '0',       1, odd number
            '012',     3, odd number
            ' 012 \n', 4, odd number
            '0g',      1, no hexadecimal digit
            'G0',      0, no hexadecimal digit
            '00 1 1',  4, between the two digits
            '00 1\t1', 4, between the two digits
            '00-11',   2, no hexadecimal digit
            '00,11',   2, no hexadecimal digit
            '00:1:1',  4, colon
            '00::11',  3, colon
            '00: :11', 4, colon
            '00:11:',  5, colon
            ':00',     0, colon
            '0x',      2, nothing behind
            '0x0',     3, odd number
            '000x11',  3, no hexadecimal digit
            '/0',      0, no hexadecimal digit
            '@0',      0, no hexadecimal digit
            '`0',      0, no hexadecimal digit
            '\u00b00', 0, no hexadecimal digit
            '\u00ff\u00fe0\0', 0, UTF-16
            """)
    void malformedHexadecimalIsRefusedAtItsFirstBadByte(String text, int position, String problem) {
        refused(() -> hex(text), position, problem);
    }

    /** As xxd, openssl rand, openssl x509 -text and people write it. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            '00 11 ff'
            '00:11:FF'
            '0x0011ff'
            '0X0011ff\n'
            ' 0x 0011ff'
            '00:11:\n    ff'
            '0011\r\nff\r\n'
            '001\n1f\nf'
            '0011\rff'
            '\t00 : 11 : ff \n\n'
            '\u00ef\u00bb\u00bf0011ff'
            '\u00ef\u00bb\u00bf 0x0011FF'
            """)
    void hexadecimalIsTakenAsToolsWriteIt(String text) {
        assertThat(hex(text)).containsExactly(0, 0x11, 0xFF);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            ' QUJD'
            'QUJD '
            'Q U J D'
            'QU\n\nJD\n\n'
            'QU\rJD\r'
            '\tQU\t\r\n\tJD\t\r\n'
            '\u00ef\u00bb\u00bfQUJD\n'
            """)
    void base64IsTakenWithBlanksAnywhere(String text) {
        assertThat(base64(text)).isEqualTo("ABC".getBytes(ISO_8859_1));
        assertThat(base64(text.replace("QU", "Q U"))).isEqualTo("ABC".getBytes(ISO_8859_1));
    }

    @Test
    void aByteOrderMarkIsDroppedFromTextOnly() {
        String marked = "\u00ef\u00bb\u00bf" + "text longer than a word or two".repeat(9);
        assertThat(decoded(marked, Format.TEXT)).isEqualTo(marked.substring(3).getBytes(ISO_8859_1));
        assertThat(decoded(marked, Format.RAW)).isEqualTo(marked.getBytes(ISO_8859_1));
        assertThat(decoded("\u00ef\u00bb", Format.TEXT)).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n \r\n\t", "\u00ef\u00bb\u00bf\n"})
    void nothingButBlanksStandsForNoByte(String text) {
        try (LockedBuffer source = buffer("x" + text)) {
            for (Format format : List.of(Format.HEX, Format.BASE64, Format.PEM)) {
                assertThat(source.withBytes(view -> TextDecoder.length(format, view, 1, view.length()))
                                .intValue())
                        .isZero();
            }
        }
    }

    private static void refused(Runnable decoding, int position, String problem) {
        assertThatExceptionOfType(MalformedSecretException.class)
                .isThrownBy(decoding::run)
                .satisfies(e -> assertThat(e.position()).isEqualTo(position))
                .satisfies(e -> assertThat(e.problem()).contains(problem).contains("byte offset " + position));
    }

    @Test
    void aPartOfATextIsDecodedWithPositionsOfTheWholeText() {
        try (LockedBuffer text = buffer("----QUJD----")) {
            int length = text.withBytes(view -> TextDecoder.length(Format.BASE64, view, 4, 8));
            assertThat(length).isEqualTo(3);
            refused(() -> text.withBytes(view -> TextDecoder.length(Format.BASE64, view, 4, 7)), 6, "bits");
            refused(
                    () -> text.withBytes(view -> TextDecoder.length(Format.BASE64, view, 3, 8)),
                    8,
                    "middle of a group");
        }
    }

    private byte[] hex(String text) {
        return decoded(text, Format.HEX);
    }

    private byte[] base64(String text) {
        return decoded(text, Format.BASE64);
    }

    /** Into memory of its own, and over the text. */
    private byte[] decoded(String text, Format format) {
        try (LockedBuffer source = buffer(text)) {
            int size = source.withBytes(view -> TextDecoder.length(format, view, 0, view.length()));
            try (LockedBuffer target =
                    session.memGuard().allocate(size, view -> read(source, from -> decode(format, from, view)))) {
                byte[] bytes = bytes(target, size);
                source.melt();
                source.mutate(view -> decode(format, view, view));
                assertThat(bytes(source, size)).as("where the text was").isEqualTo(bytes);
                return bytes;
            }
        }
    }

    private static void decode(Format format, SecretView text, MutableView target) {
        TextDecoder.decode(format, text, 0, text.length(), target);
    }

    private static byte[] bytes(LockedBuffer buffer, int size) {
        byte[] bytes = new byte[size];
        read(buffer, view -> view.copyTo(0, bytes, 0, size));
        return bytes;
    }

    private static void read(LockedBuffer source, Consumer<SecretView> action) {
        source.withBytes(view -> {
            action.accept(view);
            return view.length();
        });
    }

    private LockedBuffer buffer(String text) {
        return session.memGuard().moveFrom(text.getBytes(ISO_8859_1));
    }
}
