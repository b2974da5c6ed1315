package io.securememory.libcrypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.Result;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is no libcrypto of OpenSSL 3 is refused with a sentence that names it, and the process goes on with the right one.
 * Libraries are loaded in children, as they stay.
 */
class KeyLibrariesTest {

    /** Of the same length, as the one replaces the other in a file. */
    private static final String OPENSSL = "OpenSSL 3.";

    private static final String ANOTHER = "Another 3.";

    /** Also the name inside the file: by that the loader would take the one for the other. */
    private static final String ANOTHER_NAME = "libanothr.so.3";

    static Stream<String> ways() {
        return Runtime.version().feature() >= 22 ? Stream.of("jna", "ffm") : Stream.of("jna");
    }

    /** Opens the files one after the other, and the library of the system at last. Returns what each one said. */
    private static List<String> opened(String way, Object... files) {
        List<String> arguments = new ArrayList<>();
        arguments.add(way);
        for (Object file : files) {
            arguments.add(file.toString());
        }
        Result result = ChildJvm.onTestClassPath(Child.class)
                .quickStart()
                .withNativeAccess()
                .options("-Xmx64m")
                .arguments(arguments.toArray(new String[0]))
                .run();
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output()
                .lines()
                .filter(line -> line.startsWith(Child.MARK))
                .map(line -> line.substring(Child.MARK.length()))
                .toList();
    }

    private static void assumeThatItIsHere() {
        assumeThat(LibCryptos.find("jna"))
                .as("not run: this machine has no %s", LibCryptos.NAME)
                .isNotNull();
    }

    /** Returns the file of a library that this process has loaded. */
    private static Path loaded(String name) throws IOException {
        try (Stream<String> mappings = Files.lines(Path.of("/proc/self/maps"))) {
            return mappings.filter(line -> line.endsWith("/" + name))
                    .map(line -> Path.of(line.substring(line.indexOf('/'))))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void whatIsNoLibraryIsNamedAndTheRightOneIsUsedAfterwards(String way, @TempDir Path directory) throws IOException {
        assumeThatItIsHere();
        Path missing = directory.resolve("missing.so");
        Path text = Files.writeString(directory.resolve("text.so"), "This is no library.\n");
        Path other = loaded("libc.so.6");

        List<String> said = opened(way, missing, "relative.so", directory, text, other);

        assertThat(said).hasSize(6);
        assertThat(said.get(0)).isEqualTo("there is no file " + missing);
        assertThat(said.get(1)).isEqualTo("'relative.so' is no absolute path");
        assertThat(said.get(2)).isEqualTo("there is no file " + directory);
        assertThat(said.get(3))
                .startsWith(text + " cannot be loaded, or is older than OpenSSL 3.0, or is not OpenSSL's");
        assertThat(said.get(4))
                .startsWith(other + " cannot be loaded, or is older than OpenSSL 3.0, or is not OpenSSL's");
        assertThat(said.get(5)).startsWith("works, OpenSSL 3");
    }

    /** It has all functions, and calls itself otherwise, as libraries do that were made from OpenSSL's sources. */
    @ParameterizedTest
    @MethodSource("ways")
    void aLibraryThatIsNotOpensslsDoesNotStayInTheWayOfTheRightOne(String way, @TempDir Path directory)
            throws IOException {
        assumeThatItIsHere();
        String bytes = Files.readString(loaded(LibCryptos.NAME), StandardCharsets.ISO_8859_1);
        Path another = Files.writeString(
                directory.resolve("libcrypto-another.so"),
                bytes.replace(OPENSSL, ANOTHER).replace(LibCryptos.NAME, ANOTHER_NAME),
                StandardCharsets.ISO_8859_1);

        List<String> said = opened(way, another);

        assertThat(said).hasSize(2);
        assertThat(said.get(0)).startsWith(another + " is " + ANOTHER).endsWith(", and OpenSSL 3.0 or later is needed");
        assertThat(said.get(1)).startsWith("works, OpenSSL 3");
    }

    @ParameterizedTest
    @CsvSource({
        "LibreSSL 3.8.2, 3",
        "OpenSSL 1.1.1 (compatible; BoringSSL), 1",
        "OpenSSL 1.1.1 (compatible; AWS-LC 1.30.0), 1",
        "OpenSSL 1.1.1w  11 Sep 2023, 1",
        "'', 3"
    })
    void versionsThatAreNotSupportedAreNamed(String version, int major) {
        assertThatExceptionOfType(KeyLibraries.Unavailable.class)
                .isThrownBy(() -> KeyLibraries.requireSupported("/lib/some.so", new Stub(version, major)))
                .withMessage("/lib/some.so is " + version + ", and OpenSSL 3.0 or later is needed");
    }

    @ParameterizedTest
    @CsvSource({"OpenSSL 3.0.0 7 sep 2021, 3", "OpenSSL 3.5.4 30 Sep 2025, 3", "OpenSSL 4.0.0, 4"})
    void versionsFromThreeOnAreSupported(String version, int major) {
        assertThatCode(() -> KeyLibraries.requireSupported("/lib/some.so", new Stub(version, major)))
                .doesNotThrowAnyException();
    }

    /** Only the low half of a word is the result of a function that returns an int. */
    @Test
    void theHighHalfOfAResultMeansNothing() {
        assertThatCode(() ->
                        KeyLibraries.requireSupported("/lib/some.so", new Stub("OpenSSL 3.0.0", 0xdead_0000_0003L)))
                .doesNotThrowAnyException();
        assertThatThrownBy(
                        () -> KeyLibraries.requireSupported("/lib/some.so", new Stub("OpenSSL 1.1.1", 0x5_0000_0001L)))
                .isInstanceOf(KeyLibraries.Unavailable.class);
    }

    /** Where there is no way to call native code, nothing is tried. */
    @Test
    void anUnknownWayOfCallingIsRefused() {
        assumeThat(System.getProperty("os.name")).isEqualTo("Linux");
        assertThatExceptionOfType(KeyLibraries.Unavailable.class)
                .isThrownBy(() -> KeyLibraries.open("none", null))
                .withMessageContaining("no native access");
    }

    /** Knows its version only. */
    private record Stub(String version, long major) implements KeyLibrary {

        @Override
        @SuppressWarnings("checkstyle:ParameterNumber")
        public long call(
                KeyFunction function, long first, long second, long third, long fourth, long fifth, long sixth) {
            assertThat(function).isEqualTo(KeyFunction.OPENSSL_version_major);
            return major;
        }

        @Override
        public long addressOf(ByteBuffer buffer) {
            throw new AssertionError("nothing is computed");
        }
    }

    /** The child. */
    static final class Child {

        static final String MARK = "said: ";

        private Child() {}

        public static void main(String[] arguments) throws Exception {
            for (int i = 1; i < arguments.length; i++) {
                try {
                    KeyLibraries.open(arguments[0], arguments[i]);
                    System.out.println(MARK + "opened");
                } catch (KeyLibraries.Unavailable e) {
                    System.out.println(MARK + String.valueOf(e.getMessage()).replace('\n', ' '));
                }
            }
            KeyLibrary right = KeyLibraries.open(arguments[0], null);
            long context = right.call(KeyFunction.EVP_MD_CTX_new, 0);
            right.call(KeyFunction.EVP_MD_CTX_free, context);
            System.out.println(MARK + (context != 0 ? "works, " : "does not work, ") + right.version());
        }
    }
}
