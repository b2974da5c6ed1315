package io.securememory.spring.boot.secrets;

import static io.securememory.spring.boot.testsupport.Starter.text;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.securememory.SecureMemory;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.spring.boot.watch.SecretWatch;
import io.securememory.spring.boot.watch.WatchAccess;
import io.securememory.spring.boot.watch.Watched;
import io.securememory.testing.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

/** What is said of a file that was read and cannot be read again: which one it was, and what helps now. */
@Tag("boot")
@ExtendWith(OutputCaptureExtension.class)
class LostFileTest {

    private static final String REQUIRED = "securememory.secrets.key.required";

    @TempDir
    Path directory;

    private ApplicationContextRunner declared(String location, String... properties) {
        return Starter.runner()
                .withPropertyValues("securememory.secrets.key.location=" + location)
                .withPropertyValues(properties);
    }

    private static DeclaredSecretException reload(ApplicationContext context) {
        return catchThrowableOfType(
                DeclaredSecretException.class,
                () -> context.getBean(SecretStore.class).reload("key"));
    }

    private static void look(ApplicationContext context) {
        WatchAccess.watched(context.getBean(SecretWatch.class)).forEach(Watched::look);
    }

    @Test
    void anOptionalOneOfTheUrlFormIsNamedAsItWasAndIsToBePutBack(CapturedOutput output) {
        Path file = write(directory, "my key", "old");
        declared(file.toUri().toString(), REQUIRED + "=false").run(context -> {
            Files.delete(file);
            DeclaredSecretException failure = reload(context);
            assertThat(failure.reason()).isEqualTo(Reason.MISSING);
            assertThat(failure)
                    .hasMessageContaining("cannot be loaded from file " + file + ": it does not exist.")
                    .hasMessageNotContaining("%20");
            assertThat(failure.remedy())
                    .isEqualTo("Put the file back. A start without it goes without the secret, as " + REQUIRED
                            + " is false.");
            look(context);
            assertThat(output)
                    .contains("it does not exist. Its old content stays in use; the file is read again on request only."
                            + " Put the file back.")
                    .doesNotContain("my%20key");
            assertThat(text(context.getBean(SecretStore.class).get("key"))).isEqualTo("old");
            write(directory, "my key", "new");
            assertThat(context.getBean(SecretStore.class).reload("key")).isTrue();
        });
    }

    @Test
    void aRequiredOneIsToBePutBackToo() {
        Path file = write(directory, "key", "old");
        declared("file:" + file).run(context -> {
            Files.delete(file);
            assertThat(reload(context).remedy()).isEqualTo("Put the file back. A start without it fails.");
        });
    }

    @Test
    void oneThatAPurgeHasWipedIsNotSaidToBeInUse(CapturedOutput output) {
        Path file = write(directory, "key", "old");
        declared("file:" + file, REQUIRED + "=false").run(context -> {
            Files.delete(file);
            context.getBean(SecureMemory.class).purge();
            look(context);
            assertThat(output)
                    .contains(
                            "A purge has wiped it, so that it cannot be read meanwhile; the file is read again on request"
                                    + " only. Put the file back.")
                    .doesNotContain("stays in use");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n"})
    void anEmptyOneIsNotToBeGivenThePropertyThatItHas(String content) throws IOException {
        Path file = write(directory, "key", "old");
        String trim = "securememory.secrets.key.trim=";
        declared("file:" + file, trim + "true").run(context -> {
            Files.writeString(file, content);
            assertThat(reload(context).remedy()).contains(trim + "false");
        });
        Files.writeString(file, "old");
        declared("file:" + file, trim + "false").run(context -> {
            Files.writeString(file, "");
            assertThat(reload(context).remedy()).doesNotContain("trim");
            assertThat(reload(context).getMessage()).endsWith("it is empty.");
        });
    }

    @Test
    void oneThatIsNotWatchedHasNoIntervalToTakeOut() throws IOException {
        Path file = write(directory, "key", "old");
        Path pipe = directory.resolve("pipe");
        assertThat(Program.run("mkfifo", pipe.toString()).exitCode()).isZero();
        Path link = Files.createSymbolicLink(directory.resolve("link"), file);
        for (String interval : new String[] {"", "1h"}) {
            ApplicationContextRunner runner = declared("file:" + link);
            if (!interval.isEmpty()) {
                runner = runner.withPropertyValues("securememory.secrets.key.reload-interval=" + interval);
            }
            runner.run(context -> {
                Files.delete(link);
                Files.createSymbolicLink(link, pipe);
                assertThat(reload(context).remedy().contains("reload-interval")).isEqualTo(!interval.isEmpty());
                Files.delete(link);
                Files.createSymbolicLink(link, file);
            });
        }
    }
}
