package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.securememory.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** Real signals, sent to a virtual machine of its own. */
@Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = ThreadMode.SEPARATE_THREAD) // A blocked read is left.
@ExtendWith(OutputCaptureExtension.class)
class SignalPurgeTest {

    private static final int KILLED_BY_USR1 = 128 + 10;

    private final List<Process> processes = new ArrayList<>();

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void aSignalThatNobodyElseHandlesWipesAndTheApplicationGoesOn() throws Exception {
        Child child = start(List.of(), "--securememory.signals.enabled=true", "--securememory.signals.names=SIGUSR1");
        child.await("ready, secret open");

        child.signal("USR1");
        child.await("Signal USR1: everything in Secure Memory is wiped now");
        child.await("Secure memory purged: 1 wiped, 0 deferred, 0 failed");
        child.say("look");
        child.await("secret closed");
        child.say("close");
        child.await("context closed");
        // The handler is taken back: what the system does by default ends the process.
        child.signal("USR1");

        assertThat(child.exit()).isEqualTo(KILLED_BY_USR1);
    }

    @Test
    void aSignalIsHandedOnToTheHandlerBefore() throws Exception {
        Child child = start(
                List.of("-Dtest.handler=USR1"),
                "--securememory.signals.enabled=true",
                "--securememory.signals.names=usr1");
        child.await("ready, secret open");

        child.signal("USR1");
        child.await("Secure memory purged: 1 wiped");
        child.await("handler before was called");
        child.say("close");
        child.await("context closed");
        child.signal("USR1");
        child.await("handler before was called");

        child.say("end");
        assertThat(child.exit()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
    void aSignalThatEndsTheApplicationWipesFirstAndShutsDownThen(String signal, int exit) throws Exception {
        Child child = start(List.of(), "--securememory.signals.enabled=true");
        child.await("ready, secret open");

        child.signal(signal);
        child.await("Signal " + signal + ": everything in Secure Memory is wiped now");
        child.await("Secure memory purged: 1 wiped");
        child.await("Secure memory closed: 0 secrets wiped");

        assertThat(child.exit()).isEqualTo(exit);
    }

    @Test
    void aSignalThatIsIgnoredFromTheStartStaysSoAndIsWarnedOf() throws Exception {
        Child child = start("--ignore-signal=HUP", List.of(), "--securememory.signals.enabled=true");
        child.await("Signal HUP wipes nothing: it was ignored when the virtual machine started");
        child.await("ready, secret open");

        child.signal("HUP");
        child.signal("TERM");
        child.await("Signal TERM: everything in Secure Memory is wiped now");

        assertThat(child.exit()).isEqualTo(143);
        assertThat(child.seen).noneMatch(line -> line.contains("Signal HUP: everything"));
    }

    @Test
    void withoutThemTheShutdownWipesAsEver() throws Exception {
        Child child = start(List.of());
        child.await("ready, secret open");

        child.signal("TERM");
        child.await("Secure memory closed: 1 secret wiped");

        assertThat(child.exit()).isEqualTo(143);
        assertThat(child.seen).noneMatch(line -> line.contains("Signal TERM"));
    }

    @Test
    void signalsThatAnOptionOfTheVirtualMachineLeavesToTheSystemAreRefused() throws Exception {
        Child child = start(List.of("-Xrs"), "--securememory.signals.enabled=true");
        child.await("APPLICATION FAILED TO START");
        child.await("The signal cannot be listened to");

        assertThat(child.exit()).isEqualTo(1);
        assertThat(child.seen).anyMatch(line -> line.contains("-Xrs"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"FOO", "QUIT", "USR2", "KILL", "SEGV", ""})
    void signalsThatCannotBeHadAreRefusedByName(String name, CapturedOutput output) {
        assertThatException()
                .isThrownBy(() -> new SpringApplicationBuilder(Application.class)
                        .web(WebApplicationType.NONE)
                        .run("--securememory.signals.enabled=true", "--securememory.signals.names=" + name));
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("securememory.signals.names")
                .contains(name.isEmpty() ? "There is no signal to listen to." : "The signal cannot be listened to");
    }

    private Child start(List<String> options, String... arguments) throws IOException {
        // Whoever runs the tests may have them ignored.
        return start("--default-signal=HUP,INT,TERM,USR1", options, arguments);
    }

    private Child start(String signals, List<String> options, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("env", signals));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(List.of(
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Application.class.getName()));
        command.add("--securememory.secrets.key.location=classpath:declared-secret.txt");
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        processes.add(process);
        return new Child(process);
    }

    /** A running application, which is told what to do on its input. */
    private static final class Child {

        final List<String> seen = new ArrayList<>();
        private final Process process;
        private final BufferedReader output;

        Child(Process process) {
            this.process = process;
            this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        }

        void await(String text) throws IOException {
            String line = output.readLine();
            while (line != null) {
                seen.add(line);
                if (line.contains(text)) {
                    return;
                }
                line = output.readLine();
            }
            throw new AssertionError("no line with '" + text + "' in\n" + String.join("\n", seen));
        }

        void say(String word) throws IOException {
            process.getOutputStream().write((word + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        }

        void signal(String name) throws IOException, InterruptedException {
            String[] command = {"sh", "-c", "kill -" + name + " " + process.pid()};
            assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
        }

        int exit() throws IOException, InterruptedException {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                seen.add(line);
            }
            return process.waitFor();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration({SecureMemoryAutoConfiguration.class, SecureMemoryLifecycleAutoConfiguration.class})
    static class Application {

        public static void main(String[] arguments) throws Exception {
            if (System.getProperty("test.handler") != null) {
                handle(System.getProperty("test.handler"));
            }
            ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                    .web(WebApplicationType.NONE)
                    .run(arguments);
            Secret secret = context.getBean(Secret.class);
            System.out.println("ready, secret " + (secret.isClosed() ? "closed" : "open"));
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String word = in.readLine(); word != null && !word.equals("end"); word = in.readLine()) {
                if (word.equals("close")) {
                    context.close();
                    System.out.println("context closed");
                } else {
                    System.out.println("secret " + (secret.isClosed() ? "closed" : "open"));
                }
            }
        }

        /** By name, because the compiler warns of this interface of the JDK. */
        private static void handle(String name) throws ReflectiveOperationException {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object before = Proxy.newProxyInstance(
                    handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        System.out.println("handler before was called");
                        return null;
                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), before);
        }
    }
}
