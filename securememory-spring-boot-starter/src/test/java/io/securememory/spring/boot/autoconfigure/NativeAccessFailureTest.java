package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Needs;
import io.securememory.testing.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** What an operator reads when native code cannot be called. Each case needs a virtual machine of its own. */
class NativeAccessFailureTest {

    private static final String JNA = "--securememory.native-access=jna";

    /** Mounts a file system on $0 that nobody else sees, and goes on with the command. */
    private static final String ON_NOEXEC = "mount -t tmpfs -o noexec tmpfs \"$0\" && exec \"$@\"";

    @TempDir
    Path directory;

    @Test
    void aTemporaryDirectoryThatIsMountedNoexecIsExplained() throws Exception {
        String output = failure(onNoexec(directory).options("-Djna.tmpdir=" + directory));
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .containsPattern(
                        "Secure Memory cannot be used on this machine: JNA [0-9.]+ cannot load its native library")
                .contains(directory.toString())
                .contains("set -Djna.tmpdir=<directory> to one that is not mounted noexec")
                .contains("-Djna.nosys=false")
                .contains("Java 22 or later")
                .doesNotContain("\tat ");
    }

    /** Where JNA unpacks without a setting, and with the one that most people know. */
    @Test
    void aDefaultDirectoryThatIsMountedNoexecIsExplained() throws Exception {
        assertThat(failure(onNoexec(directory)
                        .startedBy("env", "XDG_CACHE_HOME=" + directory)
                        .options("-Djava.io.tmpdir=" + directory)))
                .contains("cannot load its native library", "-Djna.tmpdir=<directory>");
    }

    @Test
    void theRemedyForNoexecHelps(@TempDir Path executable) throws Exception {
        Result result = onNoexec(directory)
                .options("-Djava.io.tmpdir=" + directory, "-Djna.tmpdir=" + executable)
                .arguments(JNA)
                .run();
        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).contains("Secure memory opened by jna");
    }

    @Test
    void aTemporaryDirectoryThatCannotBeWrittenIsExplained() throws Exception {
        Path below = Files.createFile(directory.resolve("file")).resolve("below"); // Not even root can make this one.
        assertThat(failure(Starter.child(Application.class).options("-Djna.tmpdir=" + below)))
                .contains("cannot load its native library", "If the temporary directory cannot be written");
    }

    private static ChildJvm onNoexec(Path directory) {
        Needs.command(
                "it takes unshare of util-linux, and a user who may mount",
                "unshare",
                "-m",
                "sh",
                "-c",
                ON_NOEXEC,
                directory.toString(),
                "true");
        return Starter.child(Application.class).startedBy("unshare", "-m", "sh", "-c", ON_NOEXEC, directory.toString());
    }

    /** Unlike a directory without execution, this is the same on every machine. */
    @Test
    void aJnaThatFindsNoLibraryIsExplained() throws Exception {
        Path empty = Files.createDirectory(directory.resolve("empty"));
        assertThat(failure(Starter.child(Application.class)
                        .options("-Djna.nounpack=true", "-Djna.nosys=true", "-Djna.boot.library.path=" + empty)))
                .contains("APPLICATION FAILED TO START")
                .contains("Secure Memory cannot be used on this machine")
                .contains("-Djna.tmpdir")
                .contains("securememory.enabled=false");
    }

    /** What an old one fails with is tested where there is one, in the core. */
    @Test
    void aMissingJnaIsExplained() throws Exception {
        String withoutJna = ChildJvm.testClassPathWithout(file -> file.startsWith("jna-"));
        assertThat(failure(ChildJvm.onClassPath(withoutJna, Application.class).withNativeAccess()))
                .contains("APPLICATION FAILED TO START")
                .contains("Secure Memory cannot be used on this machine: JNA is not there")
                .contains("JNA is too old or missing")
                .contains("dependency management")
                .doesNotContain("\tat ");
    }

    @Test
    @EnabledForJreRange(minVersion = 24, disabledReason = "older Javas cannot deny native access")
    void nativeAccessThatIsDeniedIsExplained() throws Exception {
        String output = failure(Starter.child(Application.class).options("--illegal-native-access=deny"));
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Secure Memory cannot be used on this machine")
                .contains("--enable-native-access=ALL-UNNAMED");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21, disabledReason = "newer Javas have it")
    void aForeignFunctionApiThatJavaDoesNotHaveIsExplained() throws Exception {
        Result result = Starter.child(Application.class)
                .arguments("--securememory.native-access=ffm")
                .run();
        assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
        assertThat(result.output())
                .contains("APPLICATION FAILED TO START")
                .contains("Java 22 or later")
                .contains("securememory.native-access=auto");
    }

    /** Returns what it prints, which has to be a failure. */
    private static String failure(ChildJvm application) {
        Result result = application.arguments(JNA).run();
        assertThat(result.exitCode()).as(result.output()).isEqualTo(1);
        return result.output();
    }

    /** Without what has nothing to do with this: failures are analyzed all the same. */
    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(SecureMemoryAutoConfiguration.class)
    static class Application {

        public static void main(String[] arguments) {
            SpringApplication.run(Application.class, arguments).close();
        }
    }
}
