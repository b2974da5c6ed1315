package io.securememory;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.securememory.SecretSourceException.Reason;
import io.securememory.memcall.NativeAccess;
import io.securememory.memguard.LeakDetection;
import io.securememory.testing.OnEverySystem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How the text of a file or a stream becomes a secret, whatever way native code is called. */
@OnEverySystem
abstract class FormatContract {

    /** More than one array, one part and one page have. */
    private static final int LONG = 9_001;

    @TempDir
    private Path directory;

    private SecureMemory session;
    private int files;

    abstract NativeAccess access();

    @BeforeEach
    void openSession() {
        session = SecureMemory.create(SecureMemoryOptions.builder()
                .nativeAccess(access())
                .leakDetection(LeakDetection.OFF)
                .build());
    }

    @AfterEach
    void closeSession() {
        session.close();
        assertThat(session.status().liveSecrets()).isZero();
        assertThat(session.status().lockedBytes()).isZero();
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(directory.resolve("file" + files++), bytes);
    }

    /** Gives what it has in pieces of one byte. */
    private static InputStream dribbling(byte[] bytes) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(1, length));
            }
        };
    }

    private void standsFor(Format format, byte[] text, byte[] expected) throws IOException {
        Path file = file(text);
        for (Storage storage : Storage.values()) {
            SecretFactory factory = session.secrets(storage);
            try (Secret ofFile = factory.read(file, format);
                    Secret ofStream = factory.read(new ByteArrayInputStream(text), text.length, format);
                    Secret ofPieces = factory.read(dribbling(text), text.length, format)) {
                assertThat(ofFile.contentEquals(expected))
                        .as("%s file", storage)
                        .isTrue();
                assertThat(ofStream.contentEquals(expected))
                        .as("%s stream", storage)
                        .isTrue();
                assertThat(ofPieces.contentEquals(expected))
                        .as("%s pieces", storage)
                        .isTrue();
                assertThat(ofFile.storage()).isEqualTo(storage);
            }
        }
        assertThat(session.status().liveSecrets()).isZero();
        assertThat(session.status().liveBuffers()).isZero();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(US_ASCII);
    }

    private static byte[] pattern(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + 7);
        }
        return bytes;
    }

    @Test
    void binaryBytesStayAsTheyAreAlsoWhereTheyLookLikeALineBreak() throws IOException {
        standsFor(Format.RAW, new byte[] {1, '\r', '\n'}, new byte[] {1, '\r', '\n'});
        standsFor(Format.RAW, new byte[] {'\n'}, new byte[] {'\n'});
        Path file = file(ascii("key\n"));
        try (Secret secret = session.secrets().read(file);
                Secret ofStream = session.secrets().read(Files.newInputStream(file), 10)) {
            assertThat(secret.contentEquals(ascii("key\n"))).isTrue();
            assertThat(ofStream.contentEquals(ascii("key\n"))).isTrue();
        }
    }

    @Test
    void textLosesOneLineBreakAtItsEndAndNothingElse() throws IOException {
        standsFor(Format.TEXT, ascii("key\n"), ascii("key"));
        standsFor(Format.TEXT, ascii("key\r\n"), ascii("key"));
        standsFor(Format.TEXT, ascii("key"), ascii("key"));
        standsFor(Format.TEXT, ascii("key\n\n"), ascii("key\n"));
        standsFor(Format.TEXT, ascii("key\r"), ascii("key\r"));
        standsFor(Format.TEXT, ascii(" \n key \n"), ascii(" \n key "));
        standsFor(Format.TEXT, ascii("x".repeat(LONG) + "\r\n"), ascii("x".repeat(LONG)));
    }

    @Test
    void hexadecimalDigitsAreDecoded() throws IOException {
        standsFor(Format.HEX, ascii("00fF"), new byte[] {0, -1});
        standsFor(Format.HEX, ascii("0aFf10\n"), new byte[] {10, -1, 16});
        standsFor(Format.HEX, ascii(HexFormat.of().formatHex(pattern(LONG)) + "\r\n"), pattern(LONG));
    }

    @Test
    void base64IsDecodedInEitherAlphabetWithAndWithoutPaddingAndLines() throws IOException {
        standsFor(Format.BASE64, ascii("+/+/QQ=="), new byte[] {-5, -1, -65, 65});
        standsFor(Format.BASE64, ascii("-_-_QQ\n"), new byte[] {-5, -1, -65, 65});
        standsFor(Format.BASE64, ascii(Base64.getMimeEncoder().encodeToString(pattern(LONG)) + "\n"), pattern(LONG));
        standsFor(
                Format.BASE64,
                ascii(Base64.getUrlEncoder().withoutPadding().encodeToString(pattern(LONG))),
                pattern(LONG));
    }

    @Test
    void aBlockOfPemIsDecoded() throws IOException {
        String block = "-----BEGIN PRIVATE KEY-----\n" + Base64.getMimeEncoder().encodeToString(pattern(LONG))
                + "\n-----END PRIVATE KEY-----\n";
        standsFor(Format.PEM, ascii(block), pattern(LONG));
        standsFor(Format.PEM, ascii("# mine\n" + block.replace("KEY", "KEY ") + "\n# end"), pattern(LONG));
        standsFor(Format.PEM, ascii("-----BEGIN SEAL-----\nQUJD\n-----END SEAL-----"), ascii("ABC"));
    }

    @Test
    void aByteOrderMarkIsDroppedFromTextOnly() throws IOException {
        byte[] mark = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF, '4', '1', '\n'};
        standsFor(Format.TEXT, mark, ascii("41"));
        standsFor(Format.HEX, mark, ascii("A"));
        standsFor(Format.RAW, mark, mark);
    }

    @ParameterizedTest
    @EnumSource
    void malformedTextIsRefusedByPositionAndNothingOfItIsTold(Storage storage) throws IOException {
        SecretFactory factory = session.secrets(storage);
        Path hex = file(ascii("c0ffee-marker"));
        Path base64 = file(ascii("c0ffee==marker\n"));

        assertThatExceptionOfType(MalformedSecretException.class)
                .isThrownBy(() -> factory.read(hex, Format.HEX))
                .withMessage(
                        "Cannot read a secret from file " + hex + ": it is not in the format HEX: it has a character"
                                + " that is no hexadecimal digit (byte offset 6, counted from 0). Write it as xxd -p does, or read it as"
                                + " RAW.")
                .satisfies(e -> assertThat(e.position()).isEqualTo(6));
        assertThatExceptionOfType(MalformedSecretException.class)
                .isThrownBy(() -> factory.read(base64, Format.BASE64))
                .withMessageContaining(base64.toString())
                .withMessageContaining("BASE64")
                .withMessageNotContaining("marker")
                .satisfies(e -> assertThat(e.position()).isEqualTo(8));
        assertThatExceptionOfType(MalformedSecretException.class)
                .isThrownBy(() -> factory.read(new ByteArrayInputStream(ascii("abc\n")), 10, Format.HEX))
                .withMessageStartingWith("Cannot read a secret from a stream: it is not in the format HEX")
                .satisfies(e -> assertThat(e.position()).isEqualTo(3));
        assertThat(session.status().liveSecrets()).isZero();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "RAW")
    void nothingButALineBreakIsNoText(Format format) throws IOException {
        Path file = file(ascii("\r\n"));
        for (Storage storage : Storage.values()) {
            assertThatExceptionOfType(SecretSourceException.class)
                    .isThrownBy(() -> session.secrets(storage).read(file, format))
                    .withMessageContaining("nothing but a line break")
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.EMPTY));
            assertThatExceptionOfType(SecretSourceException.class)
                    .isThrownBy(() -> session.secrets(storage).read(dribbling(ascii("\n")), 10, format))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.EMPTY));
            if (format != Format.TEXT) {
                assertThatExceptionOfType(SecretSourceException.class)
                        .isThrownBy(() -> session.secrets(storage).read(dribbling(ascii(" \n\t\n")), 10, format))
                        .withMessageContaining("nothing but blanks")
                        .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.EMPTY));
            }
        }
        assertThat(session.status().liveSecrets()).isZero();
    }

    @Test
    void mostBytesAreThoseOfTheText() {
        assertThatExceptionOfType(SecretSourceException.class)
                .isThrownBy(() -> session.secrets().read(new ByteArrayInputStream(ascii("0011\n")), 4, Format.HEX))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
    }

    @Test
    void formatIsNeeded() {
        assertThatNullPointerException()
                .isThrownBy(() -> session.secrets().read(Path.of("none"), null))
                .withMessage("format");
    }

    /** One page is enough for text that is sealed: it is decoded where it is. */
    @Test
    void textIsSealedAtTheLockLimit() throws IOException {
        int page = io.securememory.memcall.Pages.SIZE;
        Path file = file(ascii(HexFormat.of().formatHex(pattern(1_000))));
        try (SecureMemory full = SecureMemory.create(SecureMemoryOptions.builder()
                .nativeAccess(access())
                .leakDetection(LeakDetection.OFF)
                .lockLimitBytes(8L * page)
                .poolMaxIdle(0)
                .build())) {
            while (full.status().lockedBytes() < 8L * page) {
                full.secrets().createRandom(10);
            }
            Secret ofFile = full.secrets().read(file, Format.HEX);
            Secret ofStream = full.secrets().read(Files.newInputStream(file), 2_000, Format.HEX);

            assertThat(ofFile.storage()).isEqualTo(Storage.SEALED);
            assertThat(ofFile.contentEquals(pattern(1_000))).isTrue();
            assertThat(ofStream.contentEquals(pattern(1_000))).isTrue();
        }
    }
}
