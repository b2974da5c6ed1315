package io.securememory.spring.boot.sources;

import static io.securememory.spring.boot.testsupport.Starter.MARKER;
import static io.securememory.spring.boot.testsupport.Starter.text;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import io.securememory.spring.boot.SecretSource;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.testing.Await;
import io.securememory.testing.OnEverySystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Secrets from beans of the application. */
@OnEverySystem
@ExtendWith(OutputCaptureExtension.class)
class BeanSecretTest {

    private static final String KEY = "securememory.secrets.key.";

    private final AtomicReference<SecretSource> source =
            new AtomicReference<>(secrets -> secrets.create(bytes("old\n")));

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private ApplicationContextRunner runner() {
        return Starter.runner()
                .withPropertyValues(Starter.KEEPS_DROPPED_SECRETS, KEY + "source=kms")
                .withBean(
                        "kms", SecretSource.class, () -> secrets -> source.get().read(secrets));
    }

    @Test
    void theBytesAreTreatedAsThoseOfAFileAndWhatWasReturnedIsClosed() {
        List<Secret> returned = new ArrayList<>();
        source.set(secrets -> {
            Secret secret = secrets.create(bytes("6f6c64\n"));
            returned.add(secret);
            return secret;
        });
        runner().withPropertyValues(KEY + "encoding=hex", KEY + "storage=sealed")
                .run(context -> {
                    assertThat(text(context.getBean("key", Secret.class))).isEqualTo("old");
                    assertThat(returned).hasSize(1).allMatch(Secret::isClosed);
                    assertThat(context.getBean(SecureMemory.class).status().liveSecrets())
                            .isEqualTo(1);
                    assertThat(context.getBean(SecretStore.class).reload("key"))
                            .as("the same again")
                            .isFalse();
                });
    }

    @Test
    void newContentIsFollowed() {
        runner().withPropertyValues(KEY + "reload-interval=100ms").run(context -> {
            source.set(secrets -> secrets.create(bytes("new")));
            Await.until(
                    "the new content",
                    () -> text(context.getBean("key", Secret.class)).equals("new"));
        });
    }

    @Test
    void aSourceThatDoesNotReturnDelaysNoOtherSecret(@TempDir Path directory) {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        runner().withPropertyValues(
                        KEY + "reload-interval=100ms",
                        Starter.location("other", write(directory, "other", "old")),
                        "securememory.secrets.other.reload-interval=100ms")
                .run(context -> {
                    source.set(secrets -> {
                        asked.countDown();
                        end.await();
                        return secrets.create(bytes("new"));
                    });
                    Await.open("the slow source", asked);

                    Files.move(write(directory, "next", "new"), directory.resolve("other"), ATOMIC_MOVE);

                    Await.until(
                            "the other secret",
                            () -> text(context.getBean("other", Secret.class)).equals("new"));
                    assertThat(text(context.getBean("key", Secret.class))).isEqualTo("old");
                    end.countDown();
                });
    }

    @Test
    void aFailureKeepsTheOldContentAndItsMessageIsNotShown(CapturedOutput output) {
        runner().run(context -> {
            SecretStore store = context.getBean(SecretStore.class);
            source.set(secrets -> {
                throw new IOException(MARKER);
            });
            assertThatExceptionOfType(DeclaredSecretException.class)
                    .isThrownBy(() -> store.reload("key"))
                    .withMessageContaining("from the bean 'kms': it failed with java.io.IOException")
                    .satisfies(e -> assertThat(e).hasMessageNotContaining(MARKER))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.UNREADABLE));
            source.set(secrets -> null);
            assertThatExceptionOfType(DeclaredSecretException.class)
                    .isThrownBy(() -> store.reload("key"))
                    .withMessageContaining("it returned null.");
            source.set(secrets -> secrets.createRandom((1 << 20) + 1));
            assertThatExceptionOfType(DeclaredSecretException.class)
                    .isThrownBy(() -> store.reload("key"))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.TOO_LARGE));
            assertThat(text(store.get("key"))).isEqualTo("old");
            assertThat(context.getBean(SecureMemory.class).status().liveSecrets())
                    .isEqualTo(1);
        });
        assertThat(output).doesNotContain(MARKER);
    }

    @Test
    void anInterruptedSourceLeavesTheThreadInterrupted() {
        runner().run(context -> {
            SecretStore store = context.getBean(SecretStore.class);
            source.set(secrets -> {
                throw new InterruptedException();
            });
            assertThatExceptionOfType(DeclaredSecretException.class).isThrownBy(() -> store.reload("key"));
            assertThat(Thread.interrupted()).isTrue();
        });
    }

    @Test
    void aPurgedSecretIsThereAgainAfterAReload() {
        runner().run(context -> {
            context.getBean(SecureMemory.class).purge();
            assertThat(context.getBean(SecretStore.class).reload("key")).isTrue();
            assertThat(text(context.getBean("key", Secret.class))).isEqualTo("old");
        });
    }

    @Test
    void aBeanThatIsMissingOrOfAnotherTypeIsNamed() {
        for (String other : List.of("absent", "secretFactory")) {
            runner().withPropertyValues(KEY + "source=" + other)
                    .run(context -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                            .contains("The secret 'key' (" + KEY + "source) cannot be loaded from the bean '" + other
                                    + "': there is no bean of this name and of type"));
        }
    }

    @Test
    void theSourceIsDestroyedAfterTheBeansOfItsSecrets() {
        List<String> ended = new ArrayList<>();
        class Source implements SecretSource, AutoCloseable {
            @Override
            public Secret read(io.securememory.SecretFactory secrets) {
                return secrets.create(bytes("x"));
            }

            @Override
            public void close() {
                ended.add("source");
            }
        }
        class User implements AutoCloseable {
            @Override
            public void close() {
                ended.add("user");
            }
        }
        Starter.runner()
                .withPropertyValues(KEY + "source=own")
                .withBean("own", Source.class, Source::new)
                .withBean("user", User.class, User::new, definition -> definition.setDependsOn("key"))
                .run(context -> assertThat(context).hasNotFailed());
        assertThat(ended).containsExactly("user", "source");
    }
}
