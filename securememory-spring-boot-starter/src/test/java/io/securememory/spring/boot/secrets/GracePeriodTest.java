package io.securememory.spring.boot.secrets;

import static io.securememory.spring.boot.testsupport.Starter.location;
import static io.securememory.spring.boot.testsupport.Starter.text;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretRotatedEvent;
import io.securememory.spring.boot.SecretRotationListener;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.SecretVersion;
import io.securememory.spring.boot.SecretVersion.State;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.spring.boot.versions.FormerVersions;
import io.securememory.spring.boot.versions.GraceEnds;
import io.securememory.testing.Await;
import io.securememory.testing.ThreadsByName;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Versions that were replaced, and what is accepted until when. */
@ExtendWith(OutputCaptureExtension.class)
class GracePeriodTest {

    private static final String FOREVER = "1d";

    @TempDir
    Path directory;

    private ApplicationContextRunner with(String grace) {
        return Starter.runner()
                .withPropertyValues(
                        location("key", write(directory, "key", "one")),
                        "securememory.secrets.key.grace-period=" + grace,
                        Starter.KEEPS_DROPPED_SECRETS);
    }

    private void rotate(SecretStore store, String text) {
        write(directory, "key", text);
        assertThat(store.reload("key")).isTrue();
    }

    private static List<String> accepted(SecretStore store) {
        return store.accepted("key").stream().map(Starter::text).toList();
    }

    private static boolean verify(SecretStore store, String text) {
        return store.verify("key", version -> version.contentEquals(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static long live(SecureMemory session) {
        return session.status().liveSecrets();
    }

    @Test
    void bothAreAcceptedAndOneIsUsed() {
        with(FOREVER).run(context -> {
            SecretStore store = context.getBean(SecretStore.class);
            assertThat(accepted(store)).containsExactly("one");

            rotate(store, "two");
            rotate(store, "three");

            assertThat(text(store.get("key"))).isEqualTo("three");
            assertThat(accepted(store)).containsExactly("three", "two", "one");
            assertThat(verify(store, "one")).isTrue();
            assertThat(verify(store, "three")).isTrue();
            assertThat(verify(store, "four")).isFalse();
            assertThat(store.versions("key")).extracting(SecretVersion::number).containsExactly(3L, 2L, 1L);
            assertThat(store.versions("key"))
                    .extracting(SecretVersion::state)
                    .containsExactly(State.CURRENT, State.PREVIOUS, State.PREVIOUS);
            assertThat(store.versions("key").get(0).until()).isNull();
            assertThat(store.versions("key").get(1).until())
                    .isAfter(store.versions("key").get(1).since());
        });
    }

    @Test
    void whenTheGraceEndsTheOldVersionIsWiped() {
        ThreadsByName threads = ThreadsByName.startedFromNowOn(GraceEnds.THREAD_NAME);
        with("300ms").run(context -> {
            SecretStore store = context.getBean(SecretStore.class);
            SecureMemory session = context.getBean(SecureMemory.class);
            rotate(store, "two");
            List<Secret> both = store.accepted("key");
            assertThat(both).hasSize(2);

            Await.until("the end of the grace", () -> both.get(1).isClosed());

            assertThat(live(session)).isEqualTo(1);
            assertThat(accepted(store)).containsExactly("two");
            assertThat(store.versions("key")).hasSize(1);
            assertThat(verify(store, "one")).isFalse();
            threads.awaitEnd();
        });
    }

    @Test
    void withoutGraceTheOldVersionIsWipedAtOnce() {
        with("0s").run(context -> {
            SecretStore store = context.getBean(SecretStore.class);
            List<Secret> before = store.accepted("key");
            rotate(store, "two");
            assertThat(before.get(0).isClosed()).isTrue();
            assertThat(accepted(store)).containsExactly("two");
            assertThat(live(context.getBean(SecureMemory.class))).isEqualTo(1);
        });
    }

    @Test
    void soManyRotationsThatMemoryIsBounded(CapturedOutput output) {
        with(FOREVER).run(context -> {
            SecretStore store = context.getBean(SecretStore.class);
            SecureMemory session = context.getBean(SecureMemory.class);
            Secret first = store.accepted("key").get(0);
            for (int i = 0; i < FormerVersions.MOST + 3; i++) {
                rotate(store, "next " + i);
            }
            Await.until("the end of the oldest ones", () -> live(session) == FormerVersions.MOST + 1);
            assertThat(first.isClosed()).isTrue();
            assertThat(accepted(store)).hasSize(FormerVersions.MOST + 1).startsWith("next 18");
        });
        assertThat(output).containsOnlyOnce("The secret 'key' was replaced so often");
    }

    @Test
    void aPurgeWipesTheOldVersionsToo() {
        with(FOREVER).run(context -> {
            SecretStore store = context.getBean(SecretStore.class);
            SecureMemory session = context.getBean(SecureMemory.class);
            rotate(store, "two");
            session.purge();
            assertThat(store.versions("key")).extracting(SecretVersion::state).containsExactly(State.WIPED);
            assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> verify(store, "one"));

            assertThat(store.reload("key")).isTrue();

            assertThat(accepted(store)).containsExactly("two");
            assertThat(store.versions("key").get(0).number()).isEqualTo(3);
        });
    }

    @Test
    void theEndOfTheContextEndsTheThread() {
        ThreadsByName threads = ThreadsByName.startedFromNowOn(GraceEnds.THREAD_NAME);
        List<Secret> versions = new ArrayList<>();
        with(FOREVER).run(context -> {
            SecretStore store = context.getBean(SecretStore.class);
            rotate(store, "two");
            versions.addAll(store.accepted("key"));
            assertThat(threads.alive()).isNotEmpty();
        });
        assertThat(versions).hasSize(2).allMatch(Secret::isClosed);
        threads.awaitEnd();
    }

    @Test
    void listenersHearWhichVersions() {
        with("0s").run(context -> {
            SecretStore store = context.getBean(SecretStore.class);
            List<SecretRotatedEvent> heard = new ArrayList<>();
            store.addListener(new SecretRotationListener() {
                @Override
                public void secretRotated(String name) {
                    throw new AssertionError("the other method is called");
                }

                @Override
                public void secretRotated(SecretRotatedEvent rotation) {
                    heard.add(rotation);
                }
            });
            rotate(store, "two");
            rotate(store, "three");
            assertThat(heard).containsExactly(new SecretRotatedEvent("key", 1, 2), new SecretRotatedEvent("key", 2, 3));
        });
    }

    @Test
    void anOptionalSecretThatAppearsHasNoVersionBefore() {
        Path file = directory.resolve("late");
        Starter.runner()
                .withPropertyValues(
                        location("late", file),
                        "securememory.secrets.late.required=false",
                        "securememory.secrets.late.grace-period=1d")
                .run(context -> {
                    SecretStore store = context.getBean(SecretStore.class);
                    List<SecretRotatedEvent> heard = new ArrayList<>();
                    store.addListener(new SecretRotationListener() {
                        @Override
                        public void secretRotated(String name) {}

                        @Override
                        public void secretRotated(SecretRotatedEvent rotation) {
                            heard.add(rotation);
                        }
                    });
                    assertThatExceptionOfType(NoSuchElementException.class)
                            .isThrownBy(() -> store.versions("late"))
                            .withMessageContaining("'late' is optional");
                    write(directory, "late", "first");
                    assertThat(store.reload("late")).isTrue();
                    assertThat(heard).containsExactly(new SecretRotatedEvent("late", 0, 1));
                    assertThat(store.versions("late")).hasSize(1);
                });
    }

    @Test
    void aCheckIsRepeatedWhereItsVersionWasWipedMeanwhile() {
        with("0s").run(context -> {
            SecretStore store = context.getBean(SecretStore.class);
            List<String> seen = new ArrayList<>();
            boolean fits = store.verify("key", version -> {
                if (seen.isEmpty()) {
                    seen.add("before");
                    rotate(store, "two");
                }
                seen.add(text(version));
                return seen.contains("two");
            });
            assertThat(fits).isTrue();
            assertThat(seen).containsExactly("before", "two");
        });
    }

    @Test
    void whatNeverChangesHasNoGrace() {
        Starter.runner()
                .withPropertyValues("securememory.secrets.key.generate=32", "securememory.secrets.key.grace-period=1m")
                .run(
                        context -> assertThat(context.getStartupFailure())
                                .hasMessageContaining(
                                        "securememory.secrets.key.grace-period means nothing beside securememory.secrets.key.generate"));
        with("-1s")
                .run(context -> assertThat(context.getStartupFailure())
                        .hasMessageContaining(
                                "securememory.secrets.key.grace-period is -1 s, expected zero, or 100 ms to"));
        with("1ms")
                .run(context -> assertThat(context.getStartupFailure())
                        .hasMessageContaining(
                                "securememory.secrets.key.grace-period is 1 ms, expected zero, or 100 ms to"));
    }
}
