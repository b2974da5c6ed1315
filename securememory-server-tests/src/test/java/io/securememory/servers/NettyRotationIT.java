package io.securememory.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.securememory.testing.Effort;
import io.securememory.testing.OnceInShortForm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same as {@link RotationIT} with Netty; and the controls and core dumps of all servers. A class of its own, so that two
 * virtual machines share the time.
 */
@OnceInShortForm
class NettyRotationIT {

    private static final Path CORE_PATTERN = Path.of("/proc/sys/kernel/core_pattern");

    /** The short form has the first one. */
    static Stream<String> algorithms() {
        return Effort.cases(1, 1, List.of("Ed25519", "RSA", "EC"));
    }

    static Stream<Arguments> controls() {
        return Effort.cases(
                1,
                1,
                List.of(
                        Arguments.of(Server.TOMCAT, "RSA"),
                        Arguments.of(Server.JETTY, "EC"),
                        Arguments.of(Server.NETTY, "Ed25519")));
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void noRequestFailsAndNoNumberOfAKeyIsLeft(String algorithm, @TempDir Path directory) throws Exception {
        Rotation.Found found = new Rotation(Server.NETTY, algorithm, directory).run(true);

        assertThat(found.memory().findings()).isEmpty();
        assertThat(found.heapDump().findings()).isEmpty();
        assertThat(found.closed().findings()).isEmpty();
    }

    /** The control: a search that finds nothing proves something only if it finds ordinary keys. */
    @ParameterizedTest
    @MethodSource("controls")
    void theKeysOfSpringBootsOwnBundlesAreFound(Server server, String algorithm, @TempDir Path directory)
            throws Exception {
        Rotation.Found found = new Rotation(server, algorithm, directory).run(false);

        assertThat(found.memory().findings()).isNotEmpty();
        assertThat(found.heapDump().findings()).isNotEmpty();
    }

    /** A core dump has the registers of all threads, too. */
    @ParameterizedTest
    @MethodSource("controls")
    void noNumberOfAKeyIsInACoreDump(Server server, String algorithm, @TempDir Path directory) throws Exception {
        assumeTrue(Effort.isThorough(), "part of -Pthorough");
        assumeTrue(Files.readString(CORE_PATTERN).startsWith("core"), "core dumps go elsewhere on this machine");

        assertThat(new Rotation(server, algorithm, directory).inCoreDump().findings())
                .isEmpty();
    }
}
