package io.securememory.credentials;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.securememory.Secret;
import io.securememory.credentials.RecordingServer.Asked;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.credentials.AuthorizedRequests;
import io.securememory.spring.boot.credentials.SignedRequestVerifier;
import io.securememory.testing.Await;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient;
import org.springframework.web.reactive.function.client.WebClient;

/** Requests have the current secret, reach one server only, and are verified by the other side. */
class HttpTest {

    private static final String NAME = "api-secret";
    private static final MediaType TEXT = new MediaType("text", "plain", UTF_8);
    private static final Duration AGE = Duration.ofMinutes(5);

    @TempDir
    static Path directory;

    private static Path file;
    private static ConfigurableApplicationContext context;
    private static SecretStore secrets;
    private static Secret secret;
    private static RecordingServer server;
    private static RecordingServer other;

    /** Clients, each with both forms of a request. */
    enum Kind {
        REST {
            @Override
            BiConsumer<String, String> client(AuthorizedRequests requests) {
                RestClient client = requests.applyTo(RestClient.builder(), HttpClientSettings.defaults())
                        .build();
                return (uri, body) -> {
                    if (body.isEmpty()) {
                        client.get().uri(uri).retrieve().toBodilessEntity();
                    } else {
                        client.post()
                                .uri(uri)
                                .contentType(TEXT)
                                .body(body)
                                .retrieve()
                                .toBodilessEntity();
                    }
                };
            }
        },
        WEB {
            @Override
            BiConsumer<String, String> client(AuthorizedRequests requests) {
                WebClient client = requests.applyTo(WebClient.builder(), HttpClientSettings.defaults())
                        .build();
                return (uri, body) -> (body.isEmpty()
                                ? client.get().uri(uri)
                                : client.post().uri(uri).contentType(TEXT).bodyValue(body))
                        .retrieve()
                        .toBodilessEntity()
                        .block(Await.LIMIT);
            }
        };

        /** Returns what sends a body to a URI, or gets it if there is no body. */
        abstract BiConsumer<String, String> client(AuthorizedRequests requests);
    }

    @BeforeAll
    static void begin() throws IOException {
        file = SecretText.write(directory.resolve("secret"), SecretText.random());
        context = new SpringApplicationBuilder(Contexts.Application.class)
                .web(WebApplicationType.NONE)
                .run(
                        "--spring.main.banner-mode=off",
                        "--" + OnlyOneClient.PACKAGE + "=none",
                        "--securememory.secrets." + NAME + ".location=file:" + file,
                        "--securememory.secrets." + NAME + ".grace-period=10m");
        secrets = context.getBean(SecretStore.class);
        secret = secrets.get(NAME);
        server = new RecordingServer();
        other = new RecordingServer();
    }

    @AfterAll
    static void end() {
        server.close();
        other.close();
        context.close();
    }

    @BeforeEach
    void begins() throws IOException {
        replace();
    }

    @AfterEach
    void forget() {
        server.redirectTo(null);
        while (server.next().isPresent() || other.next().isPresent()) {
            // Each test looks at its own requests.
        }
    }

    private static String replace() throws IOException {
        String next = SecretText.random();
        replaceBy(next);
        return next;
    }

    private static void replaceBy(String next) throws IOException {
        SecretText.write(file, next);
        assertThat(secrets.reload(NAME)).isTrue();
    }

    private static boolean isAccepted(Asked asked) {
        return new SignedRequestVerifier(secrets, NAME, AGE)
                .verify(asked.method(), asked.pathAndQuery(), asked.date(), asked.authorization(), asked.body());
    }

    @ParameterizedTest
    @EnumSource
    void eachRequestHasTheTokenOfThatMoment(Kind kind) throws IOException {
        BiConsumer<String, String> client =
                kind.client(AuthorizedRequests.bearer(secret).toPlainHttp(server.uri()));
        for (int i = 0; i < 2; i++) {
            String token = replace();
            client.accept(server.uri() + "/get?a=b", "");
            client.accept(server.uri() + "/post", "text");

            assertThat(server.next().orElseThrow().authorization()).isEqualTo("Bearer " + token);
            assertThat(server.next().orElseThrow())
                    .satisfies(asked -> assertThat(asked.authorization()).isEqualTo("Bearer " + token))
                    .satisfies(asked -> assertThat(asked.body()).asString().isEqualTo("text"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachRequestHasThePasswordOfThatMoment(Kind kind) throws IOException {
        BiConsumer<String, String> client =
                kind.client(AuthorizedRequests.basic("Jürgen", secret).toPlainHttp(server.uri()));
        String password = "Größe " + SecretText.random();
        replaceBy(password);
        client.accept(server.uri() + "/", "");

        assertThat(server.next().orElseThrow().authorization())
                .isEqualTo("Basic " + Base64.getEncoder().encodeToString(("Jürgen:" + password).getBytes(UTF_8)));
    }

    @ParameterizedTest
    @EnumSource
    void signaturesAreAcceptedAlsoAfterARotation(Kind kind) throws IOException {
        BiConsumer<String, String> client =
                kind.client(AuthorizedRequests.signed(secret).toPlainHttp(server.uri()));
        client.accept(server.uri() + "/a%20b/?q=%C3%A4&x=1", "");
        client.accept(server.uri(), "Grüße");
        Asked get = server.next().orElseThrow();
        Asked post = server.next().orElseThrow();
        assertThat(get).matches(HttpTest::isAccepted);
        assertThat(post).matches(HttpTest::isAccepted);
        assertThat(post.body()).isEqualTo("Grüße".getBytes(UTF_8));

        replace();
        client.accept(server.uri(), "Grüße");
        Asked renewed = server.next().orElseThrow();

        assertThat(renewed.authorization()).isNotEqualTo(post.authorization());
        assertThat(renewed).matches(HttpTest::isAccepted);
        assertThat(post).as("of the previous version").matches(HttpTest::isAccepted);
    }

    @Test
    void whatWasChangedIsRefused() {
        Kind.REST
                .client(AuthorizedRequests.signed(secret).toPlainHttp(server.uri()))
                .accept(server.uri() + "/orders?id=7", "{}");
        Asked sent = server.next().orElseThrow();
        String path = sent.pathAndQuery();
        String date = String.valueOf(sent.date());
        String signature = String.valueOf(sent.authorization());
        char last = signature.charAt(signature.length() - 1);

        assertThat(sent).matches(HttpTest::isAccepted);
        assertThat(new Asked("PUT", path, signature, date, sent.body())).matches(asked -> !isAccepted(asked));
        assertThat(new Asked("POST", path + "7", signature, date, sent.body())).matches(asked -> !isAccepted(asked));
        assertThat(new Asked("POST", path, signature, date, new byte[1])).matches(asked -> !isAccepted(asked));
        assertThat(new Asked("POST", path, signature, "2026-01-01T00:00:00Z", sent.body()))
                .matches(asked -> !isAccepted(asked));
        for (String wrong : new String[] {
            "",
            "HMAC-SHA256 ",
            "Bearer " + signature.substring(12),
            signature + "0",
            signature.replace(last, 'g'),
            signature.substring(0, signature.length() - 1) + (last == '0' ? '1' : '0'),
            signature.substring(0, 20)
        }) {
            assertThat(new Asked("POST", path, wrong, date, sent.body())).matches(asked -> !isAccepted(asked));
        }
        for (String wrong : new String[] {"", "now", "+1000000000-12-31T23:59:59Z", "-1000000000-01-01T00:00:00Z"}) {
            assertThat(new Asked("POST", path, signature, wrong, sent.body())).matches(asked -> !isAccepted(asked));
        }
        assertThat(new Asked("POST", path, null, date, sent.body())).matches(asked -> !isAccepted(asked));
        assertThat(new Asked("POST", path, signature, null, sent.body())).matches(asked -> !isAccepted(asked));
    }

    @Test
    void aSignatureOfTheRightKeyIsRefusedWhenItIsOld() {
        Kind.REST
                .client(AuthorizedRequests.signed(secret).toPlainHttp(server.uri()))
                .accept(server.uri(), "{}");
        Asked sent = server.next().orElseThrow();
        SignedRequestVerifier strict = new SignedRequestVerifier(secrets, NAME, Duration.ofNanos(1));

        assertThat(strict.verify(sent.method(), sent.pathAndQuery(), sent.date(), sent.authorization(), sent.body()))
                .as("its date has whole seconds")
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void noRedirectIsFollowedAndNoOtherServerIsAsked(Kind kind) {
        BiConsumer<String, String> client =
                kind.client(AuthorizedRequests.bearer(secret).toPlainHttp(server.uri()));
        server.redirectTo(other.uri());
        client.accept(server.uri(), "");
        client.accept(server.uri(), "text");

        assertThat(server.next()).isPresent();
        assertThat(server.next()).isPresent();
        for (String elsewhere : new String[] {
            other.uri(), server.uri().replace("http:", "https:"), server.uri().replace("127.0.0.1", "localhost")
        }) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> client.accept(elsewhere + "/", ""))
                    .withMessageContaining("is for " + server.uri());
        }
        assertThat(other.next()).isEmpty();
        assertThat(server.next()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://api.example.com, use https",
        "ftp://api.example.com, has to begin with https",
        "api.example.com, has to begin with https",
        "https:///path, has to begin with https"
    })
    void whatIsNotEncryptedIsRefused(String uri, String problem) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuthorizedRequests.bearer(secret).to(uri))
                .withMessageContaining(problem);
    }

    @Test
    void plainHttpHasToBeAskedForByName() {
        assertThat(AuthorizedRequests.bearer(secret).to("https://user:password@API.example.com/path"))
                .hasToString("AuthorizedRequests[to https://api.example.com:443]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuthorizedRequests.bearer(secret).toPlainHttp("https://api.example.com"))
                .withMessageContaining("is not plain http");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AuthorizedRequests.basic("a:b", secret))
                .withMessageContaining("colon");
    }

    @ParameterizedTest
    @EnumSource
    void aTokenThatWouldBeTwoHeadersIsNotSent(Kind kind) throws IOException {
        BiConsumer<String, String> client =
                kind.client(AuthorizedRequests.bearer(secret).toPlainHttp(server.uri()));
        replaceBy("token\r\nX-Other: 1");

        Throwable failure = catchThrowable(() -> client.accept(server.uri(), ""));
        assertThat(failure.getCause() == null ? failure : failure.getCause())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("index 5")
                .hasMessageNotContaining("token\r");
        assertThat(server.next()).isEmpty();
    }

    /** Most applications with a RestClient have no WebClient. */
    @Test
    void aRestClientNeedsNoReactiveLibrary() {
        String classPath = ChildJvm.testClassPathWithout(file -> file.matches("(spring-webflux|reactor-|netty-).*"));
        Result result = ChildJvm.onClassPath(classPath, RestClientProgram.class)
                .withNativeAccess()
                .quickStart()
                .arguments(server.uri())
                .run();

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(server.next().orElseThrow().authorization()).startsWith("HMAC-SHA256 ");
    }
}
