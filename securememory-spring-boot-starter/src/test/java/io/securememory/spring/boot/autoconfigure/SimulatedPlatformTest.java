package io.securememory.spring.boot.autoconfigure;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Result;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The starter on the platforms that cannot be run here: the application takes their names for its own, and a simulation
 * of their calls is in the place of the libraries of this system.
 */
@Tag("boot")
@OnceInShortForm
class SimulatedPlatformTest {

    private static final Path CORE_TESTS =
            Path.of(System.getProperty("basedir", ""), "../securememory-core/target/test-classes");

    private static final String REPLACEMENT = """
            package io.securememory.memcall;

            final class SystemLibraries {
                static NativeLibraries of(NativeAccess access) {
                    return SimulatedLibraries.of(access);
                }
            }
            """;

    private static String classPath;

    @BeforeAll
    static void replaceTheLibraries(@TempDir Path folder) throws IOException {
        assertThat(CORE_TESTS)
                .as("the simulations, which the core's test-compile makes")
                .isDirectory();
        String others = CORE_TESTS + File.pathSeparator + ChildJvm.testClassPath();
        Path source = Files.writeString(folder.resolve("SystemLibraries.java"), REPLACEMENT);
        Path classes = Files.createDirectory(folder.resolve("classes"));
        int result = requireNonNull(ToolProvider.getSystemJavaCompiler())
                .run(null, null, null, "-d", classes.toString(), "-proc:none", "-cp", others, source.toString());
        assertThat(result).isZero();
        classPath = classes + File.pathSeparator + others;
    }

    private static Result run(String system, String processor, String... properties) {
        List<String> arguments = new ArrayList<>(List.of(system, processor));
        arguments.addAll(List.of(properties));
        arguments.add("--securememory.secrets.key.generate=32");
        arguments.add("--spring.main.banner-mode=off");
        return ChildJvm.onClassPath(classPath, SimulatedPlatform.class)
                .withNativeAccess()
                .quickStart()
                .arguments(arguments.toArray(String[]::new))
                .run();
    }

    @ParameterizedTest
    @CsvSource({
        "Mac OS X,   aarch64",
        "FreeBSD,    amd64",
        "OpenBSD,    amd64",
        "NetBSD,     amd64",
        "Windows 11, amd64"
    })
    void theContextStartsAndProtectsASecretOnEachSupportedPlatform(String system, String processor) {
        Result result = run(system, processor);

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output().lines())
                .contains("length 32", "equal true", "backing anonymous", "protected 1", "closed")
                .anySatisfy(line -> assertThat(line).startsWith("item memory-lock ACTIVE"))
                .anySatisfy(line -> assertThat(line).startsWith("health").contains("UP"));
        boolean keepsLocksInstead = system.startsWith("Windows");
        assertThat(result.output().lines())
                .anySatisfy(line -> assertThat(line)
                        .startsWith("item no-access-at-rest " + (keepsLocksInstead ? "RISK" : "ACTIVE")));
    }

    @ParameterizedTest
    @CsvSource({"SunOS, amd64", "AIX, ppc64", "Linux, mips64el"})
    void anUnsupportedPlatformFailsWithHelpThatFitsOnAPage(String system, String processor) {
        Result result = run(system, processor);

        assertThat(result.exitCode()).isNotZero();
        String analysis = result.output().substring(result.output().indexOf("APPLICATION FAILED TO START"));
        assertThat(analysis)
                .contains(system + " on " + processor + " is not supported")
                .contains("securememory.platform-fallback=sealed-only");
        assertThat(analysis.lines()).hasSizeLessThan(40);
    }

    @Test
    void anUnsupportedPlatformStartsWithSealedSecretsIfAskedFor() {
        Result result = run("SunOS", "sparcv9", "--securememory.platform-fallback=sealed-only");

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output().lines())
                .contains("length 32", "equal true", "backing ordinary", "protected 0", "closed")
                .anySatisfy(line -> assertThat(line).contains("WARN").contains("NO MEMORY IS PROTECTED"))
                .anySatisfy(line -> assertThat(line).startsWith("item memory-lock FAILED"))
                .anySatisfy(line -> assertThat(line).startsWith("health").contains("no memory is protected"));
    }
}
