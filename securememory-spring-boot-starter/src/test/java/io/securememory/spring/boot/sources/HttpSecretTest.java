package io.securememory.spring.boot.sources;

import static io.securememory.spring.boot.testsupport.Starter.MARKER;
import static io.securememory.spring.boot.testsupport.Starter.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.DeclaredSecretException.Reason;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.watch.SecretWatch;
import io.securememory.spring.boot.watch.WatchState;
import io.securememory.spring.boot.watch.WatchStatus;
import io.securememory.testing.Await;
import io.securememory.testing.Workers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Secrets from an HTTP server: what goes on working when the server does not. */
@ExtendWith(OutputCaptureExtension.class)
class HttpSecretTest {

    @TempDir
    Path directory;

    @Test
    void aFieldOfVaultIsASecretLikeAnyOther() {
        try (Vault vault = Vault.plain().with("\\u0022gr\\u00fc\\u00DF\\ud83d\\ude00\\n\\/ \\\\x")) {
            Asking.of(directory, vault.url()).run(context -> {
                assertThat(text(context.getBean("key", Secret.class))).isEqualTo("\"grüß😀\n/ \\x");
                assertThat(context.getBean(SecretStore.class).names()).containsExactly("key", "token");
                assertThat(context.getBean(SecureMemory.class).status().liveBuffers())
                        .as("nothing of the answer and of the request is left")
                        .isZero();
                assertThat(vault.asked).hasSize(1);
            });
        }
    }

    @Test
    void theWholeAnswerInChunksIsASecretAndABearerTokenIsSent() {
        try (Vault vault = Vault.plain().inChunks().answering(200, MARKER + "\n")) {
            Asking.of(directory, vault.url())
                    .withPropertyValues(Asking.KEY + "http.field=", Asking.KEY + "http.token-header=Authorization")
                    .run(context -> assertThat(text(context.getBean("key", Secret.class)))
                            .isEqualTo(MARKER));
        }
    }

    @Test
    void newContentIsFollowedAndEqualContentIsNoRotation() {
        try (Vault vault = Vault.plain().with("one")) {
            Asking.of(directory, vault.url())
                    .withPropertyValues(Asking.KEY + "reload-interval=100ms")
                    .run(context -> {
                        SecretStore store = context.getBean(SecretStore.class);
                        List<String> heard = Collections.synchronizedList(new ArrayList<>());
                        store.addListener(heard::add);
                        Await.until("two looks", () -> vault.asked.size() > 2);
                        assertThat(heard).isEmpty();

                        vault.with("two");

                        Await.until(
                                "the new content", () -> text(store.get("key")).equals("two"));
                        Await.until("the listener", () -> heard.equals(List.of("key")));
                    });
        }
    }

    /** Problem, what the server does, and what is said. */
    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of(403, "", Reason.REFUSED, "answered with status 403: it refuses the token"),
                Arguments.of(404, "", Reason.MISSING, "answered with status 404: there is no secret at this URL"),
                Arguments.of(
                        503,
                        "",
                        Reason.UNREACHABLE,
                        "answered with status 503, which says that something is wrong there."),
                Arguments.of(429, "", Reason.UNREACHABLE, "answered with status 429: it asks to come back later."),
                Arguments.of(302, "", Reason.REFUSED, "answered with status 302: it sends on to another URL."),
                Arguments.of(204, "", Reason.REFUSED, "answered with status 204."),
                Arguments.of(200, "", Reason.EMPTY, "its answer is empty."),
                Arguments.of(200, "<html>%s", Reason.MALFORMED, "is not JSON: its byte 0 is not expected there."),
                Arguments.of(
                        200, "{\"data\":{\"data\":{\"password\":\"%s\"}}", Reason.MALFORMED, "is not JSON: its byte "),
                Arguments.of(
                        200,
                        "{\"data\":{\"data\":{\"passwort\":\"%s\"}}}",
                        Reason.MISSING,
                        "has no field data.data.password."),
                Arguments.of(
                        200,
                        "{\"data\":{\"data\":{\"password\":{\"%s\":1}}}}",
                        Reason.MALFORMED,
                        "is no text in quotes."),
                Arguments.of(
                        200,
                        "{\"data\":{\"data\":{\"password\":\"\"}}}",
                        Reason.EMPTY,
                        "data.data.password of the answer is empty."),
                Arguments.of(
                        200,
                        "{\"data\":{\"data\":{\"password\":\"%s\",\"password\":\"%1$s\"}}}",
                        Reason.MALFORMED,
                        "has two values for the field data.data.password."),
                Arguments.of(200, "[".repeat(100) + "\"%s\"", Reason.MALFORMED, "in more than 64 others."),
                Arguments.of(
                        200, "\"" + "x".repeat(1 << 20) + "%s\"", Reason.TOO_LARGE, "has more than 1048576 bytes."));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void aFaultLaterKeepsTheOldContentAndIsToldWithoutTheBody(
            int status, String body, Reason reason, String problem, CapturedOutput output) {
        try (Vault vault = Vault.plain().with("old")) {
            Asking.of(directory, vault.url()).run(context -> {
                SecretStore store = context.getBean(SecretStore.class);
                vault.answering(status, body.formatted(MARKER));

                assertThatExceptionOfType(DeclaredSecretException.class)
                        .isThrownBy(() -> store.reload("key"))
                        .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
                        .withMessageStartingWith("The secret 'key' (" + Asking.KEY + "http.url) cannot be loaded from "
                                + vault.url() + ", field data.data.password: ")
                        .withMessageContaining(problem)
                        .satisfies(e -> assertThat(e.remedy()).isNotBlank().doesNotContain(MARKER))
                        .satisfies(e -> assertThat(Throwables.getStackTrace(e)).doesNotContain(MARKER));

                assertThat(text(store.get("key"))).isEqualTo("old");
                WatchStatus told = status(context.getBean(SecretWatch.class), "key");
                assertThat(told.state()).isEqualTo(WatchState.UNAVAILABLE);
                assertThat(told.failures()).isEqualTo(1);
                assertThat(told.problem()).contains(problem);
                assertThat(context.getBean(SecureMemory.class).status().liveBuffers())
                        .isZero();

                vault.with("new");
                assertThat(store.reload("key")).isTrue();
                assertThat(status(context.getBean(SecretWatch.class), "key").state())
                        .isEqualTo(WatchState.CURRENT);
            });
        }
        assertThat(output).doesNotContain(MARKER).doesNotContain(Vault.TOKEN);
    }

    private static WatchStatus status(SecretWatch watch, String name) {
        return watch.statuses().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aServerThatIsDownLaterKeepsTheOldContentAndIsFollowedAgain(CapturedOutput output) {
        Vault first = Vault.plain().with("old");
        int port = first.port();
        Asking.of(directory, first.url())
                .withPropertyValues(Asking.KEY + "reload-interval=100ms")
                .run(context -> {
                    Secret secret = context.getBean("key", Secret.class);
                    first.close();
                    Await.until(
                            "the failure",
                            () -> status(context.getBean(SecretWatch.class), "key")
                                            .failures()
                                    > 1);
                    assertThat(text(secret)).isEqualTo("old");

                    try (Vault second = Vault.plain(port).with("new")) {
                        Await.until(
                                "the new content of the new server",
                                () -> text(secret).equals("new"));
                    }
                });
        assertThat(output)
                .as("once, whether the server ended the connection or refused it")
                .containsOnlyOnce("the server cannot be reached, or has ended the connection (")
                .containsOnlyOnce("Its old content stays in use; it is read again in 100ms.");
    }

    @Test
    void afterAPurgeTheTokenIsReadAgainFirst() {
        try (Vault vault = Vault.plain().with("old")) {
            Asking.of(directory, vault.url()).run(context -> {
                SecretStore store = context.getBean(SecretStore.class);
                context.getBean(SecureMemory.class).purge();

                assertThatExceptionOfType(DeclaredSecretException.class)
                        .isThrownBy(() -> store.reload("key"))
                        .withMessageContaining("its token, the secret 'token', was wiped by a purge, or closed.");
                assertThat(store.reload("token")).isTrue();
                assertThat(store.reload("key")).isTrue();
                assertThat(text(store.get("key"))).isEqualTo("old");
            });
        }
    }

    @Test
    void aServerThatIsDownAtTheStartEndsItWithWhatToDo() {
        Vault gone = Vault.plain();
        gone.close();
        Asking.of(directory, gone.url())
                .withPropertyValues(Asking.KEY + "http.retries=2")
                .run(context -> assertThat(context)
                        .hasFailed()
                        .getFailure()
                        .rootCause()
                        .satisfies(e -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                                .contains("The secret 'key' (" + Asking.KEY + "http.url) cannot be loaded from "
                                        + gone.url())
                                .contains(
                                        "the server cannot be reached, or has ended the connection (ConnectException). It was tried"
                                                + " 3 times.")));
    }

    @Test
    void aServerThatComesUpDuringTheStartIsWaitedFor() throws Exception {
        Vault gone = Vault.plain();
        gone.close();
        try (Workers workers = new Workers()) {
            Asking.of(directory, gone.url())
                    .withPropertyValues(Asking.KEY + "http.retries=50", Asking.KEY + "timeout=30s")
                    .withInitializer(context -> workers.submit(() -> {
                        Await.until("the first attempt", () -> true);
                        return Vault.plain(gone.port()).with("late");
                    }))
                    .run(context -> assertThat(text(context.getBean("key", Secret.class)))
                            .isEqualTo("late"));
        }
    }

    @Test
    void aServerThatDoesNotAnswerDelaysTheStartForTheTimeoutAtMost() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            long begin = System.nanoTime();
            Asking.of(directory, "http://localhost:" + silent.getLocalPort() + "/")
                    .withPropertyValues(Asking.KEY + "http.retries=5", Asking.KEY + "timeout=600ms")
                    .run(context -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                            .contains("did not answer in time (600ms for all attempts)."));
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(300));
        }
    }
}
