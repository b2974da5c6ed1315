package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.RunningChild;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Spring Boot's developer tools restart an application in the same virtual machine, with its own classes in a new class
 * loader, when one of them changes.
 */
@OnceInShortForm
class DevToolsRestartIT {

    private static final String PROGRAM = Application.class.getName().replace('.', '/') + ".class";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"auto", "jna"})
    void theOldSessionIsWipedAndANewOneWorks(String nativeAccess) throws Exception {
        Path classes = classes();
        try (RunningChild child = RunningChild.start(command(classes, nativeAccess), directory)) {
            String first = child.awaitLine("start 1 ");
            assertThat(first).contains("secret=from-the-class-path live=1 before=none");

            for (int start = 2; start <= 3; start++) {
                touch(classes);
                String restarted = child.awaitLine("start " + start + " ");
                assertThat(restarted).contains("secret=from-the-class-path live=1 before=closed lockedBefore=0");
                assertThat(field(restarted, "loader")).isNotEqualTo(field(first, "loader"));
                assertThat(field(restarted, "core")).isEqualTo(field(first, "core"));
                assertThat(field(restarted, "libraries")).isEqualTo(field(first, "libraries"));
            }
            child.signal("TERM");
            child.awaitExit();
            assertThat(child.output().split("Secure memory closed: 1 secret wiped", -1))
                    .as("a purge for each of three starts")
                    .hasSize(4);
        }
    }

    /** Only the program is where the tools look for changes: the rest comes in jars, as in a user's project. */
    private Path classes() throws IOException {
        Path classes = Files.createDirectory(directory.resolve("classes"));
        Path target = classes.resolve(PROGRAM);
        Files.createDirectories(target.getParent());
        for (String name : List.of(PROGRAM, "declared-secret.txt")) {
            try (var in = DevToolsRestartIT.class.getClassLoader().getResourceAsStream(name)) {
                Files.copy(in, classes.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return classes;
    }

    private List<String> command(Path classes, String nativeAccess) {
        String jars = Stream.of(ChildJvm.testClassPath().split(File.pathSeparator))
                .filter(element -> element.endsWith(".jar"))
                .collect(Collectors.joining(File.pathSeparator));
        String classPath = String.join(File.pathSeparator, classes.toString(), devTools(), jars);
        return ChildJvm.onClassPath(classPath, Application.class)
                .quickStart()
                // Not the settings of whoever runs the tests.
                .options("-Dspring.devtools.home=" + directory)
                .arguments(
                        "--securememory.native-access=" + nativeAccess,
                        "--securememory.secrets.key.location=classpath:declared-secret.txt",
                        "--spring.main.keep-alive=true",
                        "--spring.devtools.restart.poll-interval=200ms",
                        "--spring.devtools.restart.quiet-period=100ms")
                .command();
    }

    private static String devTools() {
        String jar = System.getProperty("devtools.jar");
        assumeTrue(jar != null, "the build copies the tools, and says where they are");
        return jar;
    }

    private static void touch(Path classes) throws IOException {
        Path program = classes.resolve(PROGRAM);
        Instant last = Files.getLastModifiedTime(program).toInstant();
        Files.setLastModifiedTime(program, FileTime.from(last.plusSeconds(60)));
    }

    private static String field(String line, String name) {
        return Stream.of(line.split(" "))
                .filter(word -> word.startsWith(name + "="))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theToolsAreThere() {
        assertThat(Path.of(devTools())).isRegularFile();
    }

    /** Says what it sees at each start. Keeps its last session in a property of the virtual machine. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        public static void main(String[] arguments) {
            SpringApplication.run(Application.class, arguments);
        }

        @Bean
        ApplicationRunner report(SecureMemory session, Secret secret) {
            return arguments -> {
                int start = Integer.getInteger("start", 0) + 1;
                System.setProperty("start", Integer.toString(start));
                String text = secret.withHeapChars(String::new).replace(' ', '-');
                Object before = System.getProperties().put("session", session);
                String closed = before instanceof SecureMemory other
                        ? "closed lockedBefore=" + other.status().lockedBytes()
                        : "none";
                System.out.println("start " + start + " secret=" + text + " live="
                        + session.status().liveSecrets() + " before=" + closed + " loader="
                        + System.identityHashCode(Application.class.getClassLoader()) + " core="
                        + System.identityHashCode(SecureMemory.class.getClassLoader()) + " libraries="
                        + libraries().size());
            };
        }

        /** Files of JNA that are mapped: one at most, however often the application is started. */
        private static Set<String> libraries() throws IOException {
            return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                    .filter(line -> line.contains("jna"))
                    .map(line -> line.replaceFirst("^(\\S+\\s+){5}", ""))
                    .collect(Collectors.toSet());
        }
    }
}
