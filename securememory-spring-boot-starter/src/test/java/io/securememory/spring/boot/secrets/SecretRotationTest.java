package io.securememory.spring.boot.secrets;

import static io.securememory.spring.boot.testsupport.Starter.location;
import static io.securememory.spring.boot.testsupport.Starter.text;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import io.securememory.spring.boot.SecretRotatedEvent;
import io.securememory.spring.boot.SecretRotationListener;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/** Files that change, and the secrets that follow them. */
@ExtendWith(OutputCaptureExtension.class)
class SecretRotationTest {

    @TempDir
    Path directory;

    private ApplicationContextRunner watching(Path file) {
        return Starter.runner()
                .withPropertyValues(location("key", file), "securememory.secrets.key.reload-interval=100ms");
    }

    private ApplicationContextRunner unwatched(Path file) {
        return Starter.runner().withPropertyValues(location("key", file));
    }

    /** As a careful writer does it. */
    private void replace(Path file, String text) throws IOException {
        Files.move(write(directory, "next", text), file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void theInjectedSecretReadsAsTheNewFile(CapturedOutput output) throws IOException {
        Path file = write(directory, "key", "old\n");
        watching(file)
                .withPropertyValues(Starter.KEEPS_DROPPED_SECRETS)
                .withUserConfiguration(Listening.class)
                .run(context -> {
                    Secret secret = context.getBean(Secret.class);
                    SecureMemory session = context.getBean(SecureMemory.class);
                    List<String> heard = new CopyOnWriteArrayList<>();
                    context.getBean(SecretStore.class).addListener(name -> {
                        // A look of the same moment has a secret of its own.
                        Await.until(
                                "the end of the old content",
                                () -> session.status().liveSecrets() == 1);
                        heard.add(name);
                    });

                    replace(file, "brand new\n");

                    Await.until("what the watch brings", () -> text(secret).equals("brand new"));
                    assertThat(context.getBean(Secret.class)).isSameAs(secret);
                    assertThat(context.getBean(SecretStore.class).get("key")).isSameAs(secret);
                    Await.until(
                            "what the watch brings",
                            () -> !context.getBean(Listening.class).heard.isEmpty());
                    assertThat(heard)
                            .as("the old content is gone when they are told")
                            .containsExactly("key");
                    assertThat(context.getBean(Listening.class).heard)
                            .containsExactly(new SecretRotatedEvent("key", 1, 2));
                });
        assertThat(output)
                .contains("The secret 'key' has new content from file " + file)
                .doesNotContain("brand new");
    }

    /** The kubelet writes a new directory and lets ..data lead to it, by a rename. */
    @Test
    void aVolumeOfKubernetesIsFollowed() throws IOException {
        Files.createDirectory(directory.resolve("..2026_1"));
        write(directory.resolve("..2026_1"), "tls", "old");
        Files.createSymbolicLink(directory.resolve("..data"), Path.of("..2026_1"));
        Path file = Files.createSymbolicLink(directory.resolve("tls"), Path.of("..data", "tls"));
        watching(file).run(context -> {
            Files.createDirectory(directory.resolve("..2026_2"));
            Path next = write(directory.resolve("..2026_2"), "tls", "new");
            Files.setLastModifiedTime(next, Files.getLastModifiedTime(directory.resolve("..2026_1/tls")));
            Files.createSymbolicLink(directory.resolve("..data_tmp"), Path.of("..2026_2"));
            Files.move(directory.resolve("..data_tmp"), directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
            Files.delete(directory.resolve("..2026_1/tls"));

            Await.until(
                    "what the watch brings",
                    () -> text(context.getBean(Secret.class)).equals("new"));
        });
    }

    @Test
    void aWriteThatLeavesSizeAndTimeAsTheyWereIsSeen() throws IOException {
        Path file = write(directory, "key", "old");
        FileTime longAgo = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(file, longAgo);
        watching(file).run(context -> {
            write(directory, "key", "new");
            Files.setLastModifiedTime(file, longAgo);
            Await.until(
                    "what the watch brings",
                    () -> text(context.getBean(Secret.class)).equals("new"));
        });
    }

    @Test
    void theSameContentInAnotherFileIsNoRotation(CapturedOutput output) throws IOException {
        Path file = write(directory, "key", "same");
        unwatched(file).withUserConfiguration(Listening.class).run(context -> {
            replace(file, "same\n");
            assertThat(context.getBean(SecretStore.class).reload("key")).isFalse();
            assertThat(context.getBean(Listening.class).heard).isEmpty();
            assertThat(context.getBean(SecureMemory.class).status().liveSecrets())
                    .isEqualTo(1);
        });
        assertThat(output).doesNotContain("new content");
    }

    @Test
    void aSecretWithoutAnIntervalIsReloadedOnRequest() throws IOException {
        Path file = write(directory, "key", "6f6c64");
        unwatched(file)
                .withPropertyValues("securememory.secrets.key.encoding=hex", "securememory.secrets.key.storage=sealed")
                .run(context -> {
                    replace(file, "6e6577");
                    assertThat(context.getBean(SecretStore.class).reload("key")).isTrue();
                    assertThat(text(context.getBean(Secret.class))).isEqualTo("new");
                });
    }

    @Test
    void aPurgedSecretIsThereAgainAfterAReload() {
        unwatched(write(directory, "key", "same")).run(context -> {
            context.getBean(SecureMemory.class).purge();
            assertThat(context.getBean(Secret.class).isClosed()).isTrue();
            assertThat(context.getBean(SecretStore.class).reload("key")).isTrue();
            assertThat(text(context.getBean(Secret.class))).isEqualTo("same");
        });
    }

    @Test
    void whatIsInNoFileIsNotReloaded() {
        Starter.runner()
                .withPropertyValues("securememory.secrets.random.generate=32")
                .run(context -> {
                    SecretStore store = context.getBean(SecretStore.class);
                    assertThatIllegalStateException()
                            .isThrownBy(() -> store.reload("random"))
                            .withMessageContaining("'random'");
                    assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(() -> store.reload("none"));
                });
    }

    @Test
    void eachFailureKeepsTheOldContentAndIsTold() throws IOException {
        Path file = write(directory, "key", "6f6c64");
        unwatched(file)
                .withPropertyValues("securememory.secrets.key.encoding=hex")
                .run(context -> {
                    keeps(context.getBean(SecretStore.class), file, "xx", Reason.MALFORMED);
                    keeps(context.getBean(SecretStore.class), file, "", Reason.EMPTY);
                    keeps(
                            context.getBean(SecretStore.class),
                            file,
                            "0".repeat(SecretDeclaration.MAX_LENGTH + 1),
                            Reason.TOO_LARGE);
                    Files.delete(file);
                    keeps(context.getBean(SecretStore.class), Reason.MISSING);
                    Files.createDirectory(file);
                    keeps(context.getBean(SecretStore.class), Reason.DIRECTORY);
                    Files.delete(file);
                    Files.createSymbolicLink(file, Path.of("/dev/null"));
                    keeps(context.getBean(SecretStore.class), Reason.UNREADABLE);
                    assertThat(context.getBean(SecureMemory.class).status().liveBuffers())
                            .isZero();
                    assertThat(context.getBean(SecureMemory.class).status().liveSecrets())
                            .isEqualTo(1);
                });
    }

    private void keeps(SecretStore store, Path file, String text, Reason reason) throws IOException {
        replace(file, text);
        keeps(store, reason);
    }

    private static void keeps(SecretStore store, Reason reason) {
        assertThatExceptionOfType(DeclaredSecretException.class)
                .isThrownBy(() -> store.reload("key"))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason));
        assertThat(text(store.get("key"))).isEqualTo("old");
    }

    @Test
    void theLockLimitKeepsTheOldContent() throws IOException {
        Path file = write(directory, "key", "old");
        long pages = 2 * Starter.pageSize();
        unwatched(file)
                .withPropertyValues("securememory.mlock.limit=" + pages + "B", "securememory.pool.max-idle=0")
                .run(context -> {
                    replace(file, "new");
                    keeps(context.getBean(SecretStore.class), Reason.MEMORY);
                });
    }

    @Test
    void theWatchWarnsOnceOfEachFailureAndGoesOn(CapturedOutput output) throws IOException {
        Path file = write(directory, "key", "old");
        MeterRegistry meters = new SimpleMeterRegistry();
        watching(file).withBean(MeterRegistry.class, () -> meters).run(context -> {
            context.getBean("secretRotationMeterBinder", MeterBinder.class).bindTo(meters);
            Files.delete(file);
            awaitWarningAndTwoMoreFailures(output, "it does not exist.", meters);
            replace(file, "");
            awaitWarningAndTwoMoreFailures(output, "holds nothing but a line break.", meters);
            assertThat(text(context.getBean(Secret.class))).isEqualTo("old");

            replace(file, "new");
            awaitCount(meters, "securememory.secrets.rotated", 1);
            assertThat(text(context.getBean(Secret.class))).isEqualTo("new");
        });
        assertThat(output)
                .containsOnlyOnce("it does not exist. Its old content stays in use")
                .containsOnlyOnce("holds nothing but a line break. Its old content stays in use")
                .contains("Put the file back.");
    }

    /** What comes after the warning would be warned of, too, if anything were warned of twice. */
    private static void awaitWarningAndTwoMoreFailures(CapturedOutput output, String problem, MeterRegistry meters) {
        Await.until("the warning", () -> output.getAll().contains(problem));
        String failures = "securememory.secrets.reload.failed";
        awaitCount(meters, failures, meters.get(failures).functionCounter().count() + 2);
    }

    private static void awaitCount(MeterRegistry meters, String name, double least) {
        Await.until(
                "what the watch brings",
                () -> meters.get(name).functionCounter().count() >= least);
    }

    @Test
    void aListenerThatFailsIsLoggedAndStopsNothing(CapturedOutput output) throws IOException {
        Path file = write(directory, "key", "one");
        watching(file).withUserConfiguration(Failing.class, Listening.class).run(context -> {
            SecretStore store = context.getBean(SecretStore.class);
            List<String> heard = new CopyOnWriteArrayList<>();
            SecretRotationListener failing = name -> {
                throw new IllegalStateException("listener's own failure");
            };
            SecretRotationListener removed = name -> heard.add("removed");
            store.addListener(failing);
            store.addListener(removed);
            store.addListener(heard::add);
            store.removeListener(removed);

            replace(file, "two");
            Await.until("what the watch brings", () -> heard.size() == 1);
            replace(file, "three");
            Await.until("what the watch brings", () -> heard.size() == 2);
            assertThat(heard).containsOnly("key");
            assertThat(text(context.getBean(Secret.class))).isEqualTo("three");
        });
        assertThat(output).contains("listener's own failure").contains("event listener's own failure");
    }

    @Configuration(proxyBeanMethods = false)
    static class Listening {

        final List<SecretRotatedEvent> heard = new CopyOnWriteArrayList<>();

        @EventListener
        void rotated(SecretRotatedEvent event) {
            heard.add(event);
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Failing {

        @EventListener
        void rotated(SecretRotatedEvent event) {
            throw new IllegalStateException("event listener's own failure");
        }
    }
}
