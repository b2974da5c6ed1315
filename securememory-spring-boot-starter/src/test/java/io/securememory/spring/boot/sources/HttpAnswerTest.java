package io.securememory.spring.boot.sources;

import static io.securememory.spring.boot.testsupport.Starter.MARKER;
import static io.securememory.spring.boot.testsupport.Starter.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.testing.Workers;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.util.Throwables;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers as they should not be. */
class HttpAnswerTest {

    @TempDir
    Path directory;

    /** Answers as they come, and not as a server should make them. */
    static Stream<Arguments> answers() {
        return Map.of(
                        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
                        "has ended the connection (EOFException)",
                        "HTTP/1.1 200 OK\r\n\r\n" + MARKER,
                        "does not give the length of its body",
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nshort",
                        "has two headers content-length",
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                        "is given in a way that is not safe to read",
                        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nshort",
                        "is compressed",
                        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nshort",
                        "has a number that is not one",
                        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nshort\r\n0\r\n\r\n",
                        "does not end where it should",
                        "SSH-2.0-" + MARKER + "\r\n\r\n",
                        "does not begin as an answer of HTTP/1.1 does",
                        "HTTP/1.1 200 OK\r\nX: " + "x".repeat(20_000) + "\r\n\r\n",
                        "its head has more than 16384 bytes",
                        "",
                        "has ended the connection (EOFException)")
                .entrySet()
                .stream()
                .map(entry -> Arguments.of(entry.getKey(), entry.getValue()));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void anAnswerThatCouldBeReadInTwoWaysIsRefused(String answer, String problem) throws Exception {
        try (Workers workers = new Workers();
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            workers.submit(() -> {
                try (Socket socket = server.accept()) {
                    assertThat(socket.getInputStream().read()).isEqualTo('G');
                    socket.getInputStream().skip(socket.getInputStream().available());
                    socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                    socket.shutdownOutput();
                    assertThat(socket.getInputStream().readAllBytes()).isNotNull();
                }
                return null;
            });
            Asking.of(directory, "http://localhost:" + server.getLocalPort() + "/")
                    .run(context -> assertThat(Throwables.getStackTrace(context.getStartupFailure()))
                            .contains(problem)
                            .doesNotContain(MARKER));
        }
    }

    @Test
    void interimAnswersAreSkipped() throws Exception {
        try (Workers workers = new Workers();
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            workers.submit(() -> {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream()
                            .write(
                                    "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200\r\ncontent-length:\t 3 \r\n\r\nabc"
                                            .getBytes(StandardCharsets.US_ASCII));
                    assertThat(socket.getInputStream().readAllBytes()).isNotEmpty();
                }
                return null;
            });
            Asking.of(directory, "http://localhost:" + server.getLocalPort() + "/")
                    .withPropertyValues(Asking.KEY + "http.field=")
                    .run(context -> assertThat(text(context.getBean("key", Secret.class)))
                            .isEqualTo("abc"));
        }
    }
}
