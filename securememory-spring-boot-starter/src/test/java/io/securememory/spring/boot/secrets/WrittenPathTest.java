package io.securememory.spring.boot.secrets;

import static io.securememory.spring.boot.testsupport.Starter.text;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.SecureMemory;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.testsupport.Starter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.ResourceLoader;

/** Which file a location means. */
class WrittenPathTest {

    private final ResourceLoader resources = new DefaultResourceLoader();

    @TempDir
    Path directory;

    /** Each name, and what other readers would make of it. */
    @ParameterizedTest
    @CsvSource({
        "///C:/keys/a%20b, C:/keys/a%20b",
        "/c:/keys/key,     c:/keys/key",
        "C:\\keys\\key,    C:\\keys\\key",
        "//server/c:/key,  //server/c:/key",
        "/etc/c:key,       /etc/c:key",
        "keys/key,         keys/key"
    })
    void theDriveOfAUrlIsTheBeginningOfAPathOnWindowsOnly(String written, String onWindows) {
        assertThat(WrittenPath.withoutSlashesBeforeDrive(written, '\\')).isEqualTo(onWindows);
        assertThat(WrittenPath.withoutSlashesBeforeDrive(written, '/')).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            feature%2Flogin, feature/login
            a#b,             a
            a?b,             a
            a%20b,           'a b'
            a%41,            aA
            a+b,             'a b'
            'a b',           a
            %,               x
            a%,              a
            %zz,             x
            %25,             %
            a;b,             a
            a&b=c,           a
            'a:b',           b
            '~',             x
            'a\\b',         b
            '${x}',          x
            """)
    void aPathIsAPath(String name, String other) throws IOException {
        Path right = write(Files.createDirectories(directory.resolve(name)), "k", "right");
        Path wrong = directory.resolve(other);
        if (!Files.exists(wrong)) {
            write(Files.createDirectories(wrong), "k", "WRONG FILE");
        }
        for (String form : new String[] {"file:", "file://", "file://localhost"}) {
            assertThat(loaded(form + right)).as(form).isEqualTo("right");
        }
        assertThat(SecretLocation.of("file:" + right, resources).file()).isEqualTo(right);
        Files.delete(right);
        missing("file:" + right);
        Files.delete(right.getParent());
        missing("file:" + right);
    }

    @Test
    void aNameOfTheUrlFormIsDecodedIfItIsNotThereAsItIsWritten() throws IOException {
        Path file = write(Files.createDirectories(directory.resolve("a b#c")), "k y+1", "right");
        assertThat(file.toUri().toString()).contains("a%20b%23c/k%20y+1");
        assertThat(loaded(file.toUri().toString())).isEqualTo("right");
        assertThat(loaded("file://localhost" + file.toUri().getRawPath())).isEqualTo("right");
        missing("file:" + file.toUri().getRawPath());
    }

    /** Which of the two spellings is there is seen with each look, and not only with the first one. */
    @Test
    void aFileOfTheUrlFormMayComeLater() throws IOException {
        Path decoded = directory.resolve("a b/k y");
        Path written = directory.resolve("a%20b/k%20y");
        SecretLocation location = SecretLocation.of(decoded.toUri().toString(), resources);
        assertThat(location.isAbsent()).isTrue();
        assertThat(location.file()).isEqualTo(written);

        write(Files.createDirectories(decoded.getParent()), "k y", "decoded");
        assertThat(location.isAbsent()).isFalse();
        assertThat(location.exists()).isTrue();
        assertThat(location.file()).isEqualTo(decoded);
        assertThat(location).hasToString("file " + decoded);

        write(Files.createDirectories(written.getParent()), "k%20y", "written");
        assertThat(location.file()).isEqualTo(written);
        Files.delete(written);
        Files.delete(written.getParent());
        assertThat(location.file()).isEqualTo(decoded);

        Files.delete(decoded);
        assertThat(location.isAbsent()).isTrue();
        assertThat(location.file()).as("the one that was there").isEqualTo(decoded);
        Files.delete(decoded.getParent());
        assertThat(location.file()).as("without its directory").isEqualTo(decoded);
        write(Files.createDirectories(written.getParent()), "k%20y", "written");
        assertThat(location.file()).isEqualTo(written);
        Files.delete(written);
        Files.delete(written.getParent());
        assertThat(location).hasToString("file " + written);
        assertThat(location.file()).as("the last one that was there").isEqualTo(written);
    }

    @Test
    void anOptionalSecretOfTheUrlFormIsFoundWhenItComes() throws IOException {
        Path file = directory.resolve("a b/k y");
        Starter.runner()
                .withPropertyValues(
                        "securememory.secrets.late.location=" + file.toUri(),
                        "securememory.secrets.late.required=false")
                .run(context -> {
                    SecretStore store = context.getBean(SecretStore.class);
                    assertThat(store.reload("late")).isFalse();
                    write(Files.createDirectories(file.getParent()), "k y", "here");
                    assertThat(store.reload("late")).isTrue();
                    assertThat(text(store.get("late"))).isEqualTo("here");
                    write(file.getParent(), "k y", "here again");
                    assertThat(store.reload("late")).isTrue();
                });
    }

    /** As Spring Boot and the JDK read them in a URL. */
    @ParameterizedTest
    @ValueSource(strings = {"%2e%2e/k", "%2E./k", ".%2e/k", "%2e/%2e%2e/k", "%2E%2E/a/%2e%2e/k"})
    void dotsOfTheUrlFormAreDotsOfThePath(String rest) throws IOException {
        write(directory, "k", "right");
        Path a = Files.createDirectories(directory.resolve("a"));
        String plain = a + "/" + rest.replaceAll("(?i)%2e", ".");
        assertThat(loaded("file:" + plain)).isEqualTo("right");
        assertThat(loaded("file://" + a + "/" + rest)).isEqualTo("right");
        missing("file:" + a + "/" + rest);

        Files.createSymbolicLink(directory.resolve("link"), Files.createDirectories(directory.resolve("b/c")));
        write(directory.resolve("b"), "k", "behind the link");
        assertThat(loaded("file://" + directory + "/link/%2e%2e/k")).isEqualTo("behind the link");
        missing("file://" + directory + "/none/" + rest);
    }

    @Test
    void noNameBecomesTwo() throws IOException {
        write(Files.createDirectories(directory.resolve("feature/login")), "k", "WRONG FILE");
        missing("file://" + directory + "/feature%2Flogin/k");
        missing("file://" + directory + "/feature/%2e%2e%2Ffeature/login/k");
    }

    @Test
    void relativePathsAndDotsAreTakenFromTheWorkingDirectory() {
        Path here = Path.of("").toAbsolutePath();
        assertThat(SecretLocation.of("file:a#b/../c%20", resources).file()).isEqualTo(here.resolve("a#b/../c%20"));
        assertThat(SecretLocation.of("file:./k", resources).file()).isEqualTo(here.resolve("./k"));
        assertThat(SecretLocation.of("file:////run//k", resources).file()).isEqualTo(Path.of("/run/k"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%20b#c.txt", "a+b?.txt"})
    void aResourceIsFoundByItsName(String name) throws IOException {
        Files.writeString(directory.resolve(name), "right");
        ResourceLoader loader = new DefaultResourceLoader(new java.net.URLClassLoader(
                new java.net.URL[] {directory.toUri().toURL()}, null));
        SecretLocation location = SecretLocation.of("classpath:" + name, loader);
        assertThat(location.exists()).isTrue();
        assertThat(location.isDirectory()).isFalse();
        try (SecureMemory session = SecureMemory.create();
                var buffer = location.read(new SessionAccess(session), 10)) {
            assertThat(buffer.contentEquals("right".getBytes(java.nio.charset.StandardCharsets.US_ASCII)))
                    .isTrue();
        }
    }

    private void missing(String location) {
        assertThatExceptionOfType(DeclaredSecretException.class)
                .isThrownBy(() -> loaded(location))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.MISSING));
    }

    private String loaded(String location) {
        try (SecureMemory session = SecureMemory.create()) {
            return text(new SecretLoader(session).load(SecretDeclaration.ofProperty(location, resources)));
        }
    }
}
