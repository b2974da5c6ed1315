package io.securememory.spring.boot.secrets;

import static io.securememory.spring.boot.testsupport.Starter.location;
import static io.securememory.spring.boot.testsupport.Starter.text;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryHealthIndicator;
import io.securememory.spring.boot.properties.SecretEncoding;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.spring.boot.versions.GraceEnds;
import io.securememory.spring.boot.watch.SecretWatch;
import io.securememory.spring.boot.watch.SeenFile;
import io.securememory.spring.boot.watch.WatchAccess;
import io.securememory.spring.boot.watch.WatchState;
import io.securememory.spring.boot.watch.WatchStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ApplicationContext;
import org.springframework.core.io.DefaultResourceLoader;

/** What becomes of declared secrets after a purge, and what operators see of it. */
@Tag("boot")
class PurgedSecretsTest {

    @TempDir
    Path directory;

    private final AtomicLong nanoTime = new AtomicLong();

    /** Of a file that looks the same for so long that it needs no read. */
    private SecretRotation unchanged(SecureMemory session) {
        Path file = write(directory, "file", "text");
        SecretDeclaration declaration = new SecretDeclaration(
                "watched",
                "securememory.secrets.watched.location",
                SecretLocation.of("file:" + file, new DefaultResourceLoader()),
                true,
                SecretEncoding.RAW,
                true,
                Duration.ofSeconds(1),
                Duration.ZERO,
                null,
                false);
        SeenFile seen = WatchAccess.seenFile(() -> file, nanoTime::get);
        SecretRotation rotation = new SecretRotation(
                declaration,
                seen,
                new SecretLoader(session),
                new RotationAnnouncer(event -> {}),
                new GraceEnds(InstantSource.system()),
                InstantSource.system());
        nanoTime.addAndGet(Duration.ofMinutes(1).toNanos());
        rotation.look();
        return rotation;
    }

    @Test
    void theNextLookReadsAnUnchangedFileAgain() {
        try (SecureMemory session = SecureMemory.create()) {
            SecretRotation rotation = unchanged(session);
            Secret secret = rotation.secret();
            session.purge();
            assertThat(rotation.status().state()).isEqualTo(WatchState.WIPED);
            assertThat(rotation.status().problem()).contains("'watched' was wiped by a purge");
            rotation.look();
            assertThat(text(secret)).isEqualTo("text");
            assertThat(rotation.status().state()).isEqualTo(WatchState.CURRENT);
            assertThat(rotation.status().problem()).isNull();
            assertThat(rotation.rotations()).isEqualTo(1);
        }
    }

    @Test
    void whatItsUserHasClosedStaysClosed() {
        try (SecureMemory session = SecureMemory.create()) {
            SecretRotation rotation = unchanged(session);
            Secret secret = rotation.secret();
            secret.close();
            session.purge();
            rotation.look();
            assertThat(secret.isClosed()).isTrue();
            assertThat(rotation.status().state()).isEqualTo(WatchState.CURRENT);
        }
    }

    @Test
    void withoutItsFileItStaysWipedAndIsNotSaidToBeInUse() throws IOException {
        try (SecureMemory session = SecureMemory.create()) {
            SecretRotation rotation = unchanged(session);
            session.purge();
            Files.delete(directory.resolve("file"));
            rotation.look();
            assertThat(rotation.status().state()).isEqualTo(WatchState.WIPED);
            assertThat(rotation.status().problem()).contains("was wiped by a purge", "it does not exist");
        }
    }

    @Test
    void anInstanceWhoseDeclaredSecretsAreWipedIsOutOfServiceUntilTheyAreBack() {
        Starter.runner()
                .withPropertyValues(location("from-file", write(directory, "file", "text")))
                .run(context -> {
                    Secret secret = context.getBean("from-file", Secret.class);
                    context.getBean(SecureMemory.class).purge();
                    assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> text(secret));
                    assertThat(health(context).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
                    assertThat(health(context).getDetails())
                            .containsEntry("files", Map.of("wiped", 1L))
                            .hasEntrySatisfying(
                                    "warning",
                                    warning -> assertThat(warning.toString())
                                            .contains("secret was wiped by a purge")
                                            .doesNotContain("from-file", "is in use"))
                            .hasEntrySatisfying(
                                    "remedy",
                                    remedy -> assertThat(remedy.toString()).contains("SecretStore.reload", "restart"));
                    context.getBean(SecretStore.class).reload("from-file");
                    assertThat(health(context).getStatus()).isEqualTo(Status.UP);
                });
    }

    @Test
    void aSecretFromNoFileIsShownToBeWipedAndOneThatItsUserClosedIsNot() {
        Starter.runner()
                .withPropertyValues("securememory.secrets.made.generate=32", "securememory.secrets.done.generate=32")
                .run(context -> {
                    SecretWatch watch = context.getBean(SecretWatch.class);
                    context.getBean("done", Secret.class).close();
                    assertThat(watch.statuses()).isEmpty();
                    assertThat(health(context).getStatus()).isEqualTo(Status.UP);
                    context.getBean(SecureMemory.class).purge();
                    assertThat(health(context).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
                    assertThat(watch.statuses()).hasSize(1);
                    WatchStatus made = watch.statuses().get(0);
                    assertThat(made.state()).isEqualTo(WatchState.WIPED);
                    assertThat(made.problem()).contains("'made'", "restart");
                    assertThat(watch.statuses().get(0).since()).isEqualTo(made.since());
                });
    }

    private static Health health(ApplicationContext context) {
        return context.getBean(SecureMemoryHealthIndicator.class).health(true);
    }
}
