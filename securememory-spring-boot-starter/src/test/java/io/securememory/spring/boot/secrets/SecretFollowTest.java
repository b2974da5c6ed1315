package io.securememory.spring.boot.secrets;

import static io.securememory.spring.boot.testsupport.Starter.location;
import static io.securememory.spring.boot.testsupport.Starter.text;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.spring.boot.testsupport.Way;
import io.securememory.spring.boot.watch.SecretWatch;
import io.securememory.spring.boot.watch.WatchState;
import io.securememory.spring.boot.watch.WatchStatus;
import io.securememory.testing.Await;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

/** Secrets that come, go and change in awkward ways, and listeners that are no better. */
@ExtendWith(OutputCaptureExtension.class)
class SecretFollowTest {

    private static final String WATCH = "what the watch brings";

    @TempDir
    Path directory;

    private ApplicationContextRunner watching(String... names) {
        ApplicationContextRunner runner = Starter.runner();
        for (String name : names) {
            runner = runner.withPropertyValues(
                    location(name, directory.resolve(name)), "securememory.secrets." + name + ".reload-interval=100ms");
        }
        return runner;
    }

    private static SecretStore store(ApplicationContext context) {
        return context.getBean(SecretStore.class);
    }

    private static void awaitText(ApplicationContext context, String name, String text) {
        Await.until(
                WATCH,
                () -> store(context)
                        .find(name)
                        .filter(secret -> text(secret).equals(text))
                        .isPresent());
    }

    @Test
    void anOptionalSecretIsFoundWhenItComesAndKeptWhenItGoes(CapturedOutput output) {
        watching("late")
                .withPropertyValues("securememory.secrets.late.required=false")
                .run(context -> {
                    List<String> told = new CopyOnWriteArrayList<>();
                    store(context).addListener(told::add);
                    assertThat(store(context).names()).isEmpty();
                    assertThat(store(context).reload("late"))
                            .as("there is nothing")
                            .isFalse();
                    assertThat(watched(context).state()).isEqualTo(WatchState.MISSING);
                    assertThat(watched(context).failures()).isZero();

                    write(directory, "late", "one");
                    awaitText(context, "late", "one");
                    Secret secret = store(context).get("late");
                    assertThat(store(context).names()).containsExactly("late");
                    Await.until(WATCH, () -> told.equals(List.of("late")));

                    Files.delete(directory.resolve("late"));
                    Await.until(WATCH, () -> watched(context).state() == WatchState.MISSING);
                    assertThat(text(secret)).as("the old content").isEqualTo("one");

                    write(directory, "late", "two");
                    Await.until(WATCH, () -> text(secret).equals("two"));
                    assertThat(store(context).get("late")).isSameAs(secret);
                    Await.until(WATCH, () -> watched(context).state() == WatchState.CURRENT);
                });
        assertThat(output).containsOnlyOnce("it does not exist");
    }

    private static WatchStatus watched(ApplicationContext context) {
        return context.getBean(SecretWatch.class).statuses().get(0);
    }

    @Test
    void anOptionalSecretThatIsNotWatchedComesOnRequest() {
        Starter.runner()
                .withPropertyValues(
                        location("late", directory.resolve("late")), "securememory.secrets.late.required=false")
                .run(context -> {
                    assertThatExceptionOfType(NoSuchElementException.class)
                            .isThrownBy(() -> store(context).get("late"))
                            .withMessageContaining("optional");
                    write(directory, "late", "here");
                    assertThat(store(context).reload("late")).isTrue();
                    assertThat(store(context).reload("late")).isFalse();
                    assertThat(text(store(context).get("late"))).isEqualTo("here");
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"protected", "sealed"})
    void anInterruptedThreadReloadsAndStaysInterrupted(String storage) {
        Path file = write(directory, "key", "old");
        Starter.runner()
                .withPropertyValues(location("key", file), "securememory.storage=" + storage)
                .run(context -> {
                    write(directory, "key", "new");
                    Thread.currentThread().interrupt();
                    boolean replaced;
                    try {
                        replaced = store(context).reload("key");
                    } finally {
                        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
                    }
                    assertThat(replaced).isTrue();
                    assertThat(text(context.getBean(Secret.class))).isEqualTo("new");
                    assertThat(context.getBean(SecureMemory.class).status().liveBuffers())
                            .isZero();
                });
    }

    @Test
    void aStartOnAnInterruptedThreadLoadsItsSecrets() {
        write(directory, "key", "text");
        Thread.currentThread().interrupt();
        try (SecureMemory session = SecureMemory.create()) {
            SecretLocation location = new SecretLocation.OfFile(
                    WrittenPath.of(directory.resolve("key").toString()));
            location.read(new SessionAccess(session), 100).close();
        } finally {
            assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        }
    }

    @Test
    void listenersThatNeverReturnOrThrowAnythingStopNoOtherFile(CapturedOutput output) {
        write(directory, "one", "1");
        write(directory, "two", "1");
        CountDownLatch end = new CountDownLatch(1);
        watching("one", "two").run(context -> {
            try {
                store(context).addListener(name -> {
                    throw new StackOverflowError("a listener's own");
                });
                store(context).addListener(name -> Await.open("the end", end));
                for (String text : List.of("2", "3", "4")) {
                    Way.RENAMED.write(directory.resolve("one"), text);
                    awaitText(context, "one", text);
                    Way.RENAMED.write(directory.resolve("two"), text);
                    awaitText(context, "two", text);
                }
            } finally {
                end.countDown();
            }
        });
        assertThat(output).contains("a listener's own");
    }

    @Test
    void aTouchIsNoRotation() {
        Path file = write(directory, "key", "same");
        watching("key").run(context -> {
            List<String> told = new CopyOnWriteArrayList<>();
            store(context).addListener(told::add);
            Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000_000L));
            Way.RENAMED.write(file, "same\n");
            WatchStatus before = watched(context);
            Await.until(
                    "a look after that",
                    () -> watched(context).lastGood().isAfter(before.lastGood().plusMillis(300)));
            assertThat(told).isEmpty();
        });
    }
}
