package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Configuration;

/** What an operator reads when native code cannot be called. Each case needs a virtual machine of its own. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class NativeAccessFailureTest {

    @Test
    void aJnaThatCannotLoadItsLibraryIsExplained() throws Exception {
        // No unpacking to the temporary directory and no library of the system: what noexec comes to.
        String output = start(
                List.of("-Djna.nounpack=true", "-Djna.nosys=true", "-Djna.boot.library.path=/nowhere"),
                "--securememory.native-access=jna");
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Secure Memory cannot be used on this machine")
                .contains("-Djna.tmpdir")
                .contains("securememory.enabled=false");
    }

    @Test
    @EnabledForJreRange(minVersion = 24, disabledReason = "older Javas cannot deny native access")
    void nativeAccessThatIsDeniedIsExplained() throws Exception {
        String output = start(List.of("--illegal-native-access=deny"));
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Secure Memory cannot be used on this machine")
                .contains("--enable-native-access=ALL-UNNAMED");
    }

    @Test
    @EnabledForJreRange(max = JRE.JAVA_21, disabledReason = "newer Javas have it")
    void aForeignFunctionApiThatJavaDoesNotHaveIsExplained() throws Exception {
        String output = start(List.of(), "--securememory.native-access=ffm");
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("Java 22 or later")
                .contains("securememory.native-access=auto");
    }

    /** Starts an application in a new virtual machine, which has to fail, and returns what it prints. */
    private static String start(List<String> options, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Application.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(1);
        return output;
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        public static void main(String[] arguments) {
            SpringApplication.run(Application.class, arguments).close();
        }
    }
}
