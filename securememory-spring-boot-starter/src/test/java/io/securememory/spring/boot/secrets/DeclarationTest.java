package io.securememory.spring.boot.secrets;

import static io.securememory.spring.boot.testsupport.Starter.MARKER;
import static io.securememory.spring.boot.testsupport.Starter.location;
import static io.securememory.spring.boot.testsupport.Starter.text;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import io.securememory.spring.boot.properties.SecureMemorySettings;
import io.securememory.spring.boot.testsupport.Starter;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * Encoding and generation of declared secrets, and the types and words of their failures. Most of it needs no context: bound
 * properties, what they declare, and a session to load it into.
 */
class DeclarationTest {

    private static final String KEY = "securememory.secrets.key.";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(textBlock = """
            hex,    true,  '414243\n'
            hex,    true,  '414243\r\n'
            hex,    false, '414243'
            base64, true,  'QUJD\n'
            base64, true,  'QU\nJD\n'
            base64, false, 'QU\r\nJD'
            raw,    true,  'ABC\n'
            raw,    true,  '\ufeffABC\r\n'
            raw,    false, 'ABC'
            text,   true,  'ABC\n'
            text,   true,  '\ufeffABC\n'
            text,   false, '\ufeffABC'
            hex,    false, '4142\n43\n'
            hex,    true,  '414243\n\n'
            hex,    true,  ' 41:42:43'
            hex,    true,  '\ufeff0x414243'
            base64, true,  'QUJD\n\n'
            base64, true,  'QU JD'
            base64, false, '\ufeffQUJD\n'
            pem,    true,  '-----BEGIN PRIVATE KEY-----\nQUJD\n-----END PRIVATE KEY-----\n'
            pem,    false, '# mine\n-----BEGIN SEAL-----\r\nQUJD\r\n-----END SEAL-----'
            """)
    void aSecretIsDecoded(String encoding, boolean trim, String file) {
        load(
                (secret, session) -> {
                    assertThat(text(secret)).isEqualTo("ABC");
                    assertThat(session.status().liveBuffers()).isZero();
                },
                location("key", write(directory, "key", file)),
                KEY + "encoding=" + encoding,
                KEY + "trim=" + trim);
    }

    @Test
    void aLongSecretIsDecoded() {
        String text = "4b".repeat(SecretDeclaration.MAX_LENGTH / 2);
        load(
                (secret, session) -> assertThat(
                                secret.contentEquals(HexFormat.of().parseHex(text)))
                        .isTrue(),
                location("key", write(directory, "key", text)),
                KEY + "encoding=hex",
                "securememory.mlock.policy=best-effort");
    }

    private static void load(BiConsumer<Secret, SecureMemory> check, String... properties) {
        SecureMemorySettings bound = Starter.bound(properties);
        try (SecureMemory session = SecureMemory.create(bound.toOptions())) {
            for (SecretDeclaration declared : SecretDeclaration.all(bound.secrets(), new DefaultResourceLoader())) {
                check.accept(new SecretLoader(session).load(declared), session);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            hex,    true,  '4142x3',   4
            hex,    true,  '41424\n',  5
            hex,    false, '414 2\n',  3
            base64, true,  'QUJ',      2
            base64, true,  'QU J',     3
            pem,    true,  'QUJD\n',   5
            """)
    void malformedTextIsNamedByItsPositionOnly(String encoding, boolean trim, String file, int position) {
        Path path = write(directory, "key", file);
        failsWith(
                failure -> {
                    assertThat(failure.reason()).isEqualTo(Reason.MALFORMED);
                    assertThat(failure.position()).isEqualTo(OptionalInt.of(position));
                    assertThat(failure)
                            .hasMessageContaining("The secret 'key' (securememory.secrets.key.location)")
                            .hasMessageContaining("file " + path)
                            .hasMessageContaining("encoding " + encoding)
                            .hasMessageContaining("byte offset " + position + ", counted from 0");
                    assertThat(failure.remedy()).contains("securememory.secrets.key.encoding");
                },
                location("key", path),
                KEY + "encoding=" + encoding,
                KEY + "trim=" + trim);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hex", "base64"})
    void noPartOfMalformedTextIsInItsFailure(String encoding) {
        failsWith(
                failure -> assertThat(Throwables.getStackTrace(failure) + failure.remedy())
                        .doesNotContain(MARKER)
                        .doesNotContain(MARKER.substring(0, 5)),
                location("key", write(directory, "key", "4141" + MARKER)),
                KEY + "encoding=" + encoding);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "0", "1048577"})
    void aLengthOutOfItsRangeIsRefused(String length) {
        refused(
                "securememory.secrets.key.generate is " + length + ", expected 1 to 1048576 bytes",
                KEY + "generate=" + length);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"trim=false", "encoding=hex", "required=false", "reload-interval=1s", "allow-world-readable=true"
            })
    void whatMeansNothingForRandomBytesIsRefused(String property) {
        refused(
                "The property securememory.secrets.key." + property.substring(0, property.indexOf('='))
                        + " means nothing beside securememory.secrets.key.generate",
                KEY + "generate=32",
                KEY + property);
    }

    @Test
    void aLocationAndALengthContradictEachOther() {
        refused(
                "The properties securememory.secrets.key.location and securememory.secrets.key.generate are both set.",
                KEY + "generate=32",
                KEY + "location=" + MARKER);
    }

    @Test
    void aBlankLocationIsNone() {
        Starter.runner()
                .withPropertyValues(KEY + "generate=32", KEY + "location=")
                .run(context -> assertThat(context).hasBean("key"));
        refused("The property securememory.secrets.key.location is not set.", KEY + "location=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1s", "0", "99ms", "366d"})
    void anIntervalOutOfItsRangeIsRefused(String interval) {
        refused(
                "The property securememory.secrets.key.reload-interval is ",
                location("key", write(directory, "key", MARKER)),
                KEY + "reload-interval=" + interval);
    }

    @Test
    void nothingOfTheClassPathIsReloaded() {
        refused(
                "The property securememory.secrets.key.reload-interval means nothing beside"
                        + " securememory.secrets.key.location",
                KEY + "location=classpath:declared-secret.txt",
                KEY + "reload-interval=1s");
    }

    private void refused(String message, String... properties) {
        failsWith(
                failure -> {
                    assertThat(failure.reason()).isEqualTo(Reason.DECLARATION);
                    assertThat(failure).hasMessageContaining(message).hasMessageNotContaining(MARKER);
                    assertThat(failure.remedy()).contains("securememory.secrets.key.");
                },
                properties);
    }

    @Test
    void eachProblemOfAFileHasItsReason() {
        hasReason(Reason.MISSING, directory.resolve("nothing"));
        hasReason(Reason.DIRECTORY, directory);
        hasReason(Reason.EMPTY, write(directory, "empty", ""));
        hasReason(Reason.EMPTY, write(directory, "break", "\n"));
        hasReason(Reason.TOO_LARGE, write(directory, "large", "x".repeat(SecretDeclaration.MAX_LENGTH + 1)));
        hasReason(Reason.UNREADABLE, write(directory, "file", "x").resolve("below"));
        hasReason(Reason.MEMORY, write(directory, "key", MARKER), "securememory.mlock.limit=1B");
    }

    private void hasReason(Reason reason, Path file, String... more) {
        failsWith(
                failure -> {
                    assertThat(failure.reason()).isEqualTo(reason);
                    assertThat(failure.position()).isEmpty();
                    assertThat(failure).hasMessageContaining("file " + file);
                    assertThat(failure.remedy()).isNotBlank();
                },
                withLocation(file, more));
    }

    private static String[] withLocation(Path file, String... more) {
        String[] all = new String[more.length + 1];
        System.arraycopy(more, 0, all, 1, more.length);
        all[0] = location("key", file);
        return all;
    }

    @Test
    void aDirectoryOfTheClassPathIsNoSecret() {
        failsWith(failure -> assertThat(failure.reason()).isEqualTo(Reason.DIRECTORY), KEY + "location=classpath:io");
    }

    private static void failsWith(Consumer<DeclaredSecretException> check, String... properties) {
        assertThatExceptionOfType(DeclaredSecretException.class)
                .isThrownBy(() -> load((secret, session) -> {}, properties))
                .satisfies(check);
    }
}
