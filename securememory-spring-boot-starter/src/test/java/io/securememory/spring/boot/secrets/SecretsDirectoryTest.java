package io.securememory.spring.boot.secrets;

import static io.securememory.spring.boot.testsupport.Starter.MARKER;
import static io.securememory.spring.boot.testsupport.Starter.text;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** A directory whose files are secrets. */
@ExtendWith(OutputCaptureExtension.class)
class SecretsDirectoryTest {

    @TempDir
    Path directory;

    private ApplicationContextRunner runner() {
        return Starter.runner().withPropertyValues("securememory.directory.location=file:" + directory);
    }

    @Test
    void eachFileIsASecretOfItsNameAndABean() throws IOException {
        write(directory, "db-password", "one\n");
        write(directory, "tls.key", "two");
        write(directory, ".hidden", "no");
        Files.createDirectory(directory.resolve("folder"));
        runner().run(context -> {
            assertThat(context.getBean(SecretStore.class).names()).containsExactly("db-password", "tls.key");
            assertThat(context.getBeansOfType(Secret.class)).containsOnlyKeys("db-password", "tls.key");
            assertThat(text(context.getBean("db-password", Secret.class))).isEqualTo("one");
            assertThat(text(context.getBean("tls.key", Secret.class))).isEqualTo("two");
        });
    }

    @Test
    void whatIsDeclaredWinsAndWhatIsDeclaredWithoutASourceIsInTheDirectory(@TempDir Path other) {
        write(directory, "first", "no");
        write(directory, "second", "6f6b");
        runner().withPropertyValues(
                        Starter.location("first", write(other, "elsewhere", "yes")),
                        "securememory.secrets.second.encoding=hex")
                .run(context -> {
                    assertThat(context.getBean(SecretStore.class).names()).containsExactly("first", "second");
                    assertThat(text(context.getBean("first", Secret.class))).isEqualTo("yes");
                    assertThat(text(context.getBean("second", Secret.class))).isEqualTo("ok");
                });
    }

    /** The kubelet writes a new directory and lets ..data lead to it, by a rename. */
    @Test
    void aVolumeOfKubernetesIsFollowed() throws IOException {
        Files.createDirectory(directory.resolve("..2026_1"));
        write(directory.resolve("..2026_1"), "password", "old");
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2026_1"));
        Files.createSymbolicLink(directory.resolve("password"), Path.of("..data", "password"));
        runner().withPropertyValues("securememory.directory.reload-interval=100ms")
                .run(context -> {
                    assertThat(context.getBean(SecretStore.class).names()).containsExactly("password");
                    Files.createDirectory(directory.resolve("..2026_2"));
                    write(directory.resolve("..2026_2"), "password", "new");
                    Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..2026_2"));
                    Files.move(
                            directory.resolve("..data_tmp"),
                            directory.resolve("..data"),
                            StandardCopyOption.ATOMIC_MOVE);
                    Await.until(
                            "the new content",
                            () -> text(context.getBean("password", Secret.class))
                                    .equals("new"));
                });
    }

    @Test
    void aFileThatIsEmptyEndsTheStart() {
        write(directory, "password", "");
        runner().run(context -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                .contains("The secret 'password'")
                .contains(directory.resolve("password") + ": it is empty"));
    }

    @Test
    void aDirectoryThatIsMissingEndsTheStart() {
        Path missing = directory.resolve("missing");
        Starter.runner()
                .withPropertyValues("securememory.directory.location=file:" + missing)
                .run(context -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                        .contains("The property securememory.directory.location is " + missing
                                + ", and there is no such directory."));
    }

    @Test
    void contentInPlaceOfADirectoryIsNotShown(CapturedOutput output) {
        Starter.runner()
                .withPropertyValues("securememory.directory.location=" + MARKER)
                .run(context -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                        .contains("is not a path after file:.")
                        .doesNotContain(MARKER));
        assertThat(output).doesNotContain(MARKER);
    }

    @Test
    void anEnvironmentVariableNamesTheDirectory() {
        write(directory, "password", "one");
        Starter.runner()
                .withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource(
                                "test-" + StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                                Map.of("SECUREMEMORY_DIRECTORY_LOCATION", "file:" + directory))))
                .run(context ->
                        assertThat(context.getBean(SecretStore.class).names()).containsExactly("password"));
    }
}
