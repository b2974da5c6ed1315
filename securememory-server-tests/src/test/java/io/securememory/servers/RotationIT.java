package io.securememory.servers;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.Effort;
import io.securememory.testing.OnceInShortForm;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tomcat, Jetty and clients whose keys and certificates are replaced while they answer: no request fails, each ends up with
 * the last pair, and no number of any of the keys is in the memory of their process.
 */
@OnceInShortForm
class RotationIT {

    /** The short form has the first one. */
    static Stream<Arguments> serversAndAlgorithms() {
        return Effort.cases(
                1,
                1,
                List.of(
                        Arguments.of(Server.TOMCAT, "RSA"),
                        Arguments.of(Server.JETTY, "EC"),
                        Arguments.of(Server.TOMCAT, "EC"),
                        Arguments.of(Server.TOMCAT, "Ed25519"),
                        Arguments.of(Server.JETTY, "RSA"),
                        Arguments.of(Server.JETTY, "Ed25519")));
    }

    @ParameterizedTest
    @MethodSource("serversAndAlgorithms")
    void noRequestFailsAndNoNumberOfAKeyIsLeft(Server server, String algorithm, @TempDir Path directory)
            throws Exception {
        Rotation.Found found = new Rotation(server, algorithm, directory).run(true);

        assertThat(found.memory().findings()).isEmpty();
        assertThat(found.heapDump().findings()).isEmpty();
        assertThat(found.closed().findings()).isEmpty();
    }
}
