package io.securememory.spring.boot.autoconfigure.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.securememory.Secret;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.testing.Needs;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Program;
import io.securememory.testing.RunningChild;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
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
@OnceInShortForm
@ExtendWith(OutputCaptureExtension.class)
class SignalPurgeTest {

    /** Whoever runs the tests may have them ignored. */
    private static final String DEFAULT_SIGNALS = "--default-signal=HUP,INT,TERM,USR1";

    private final List<RunningChild> children = new ArrayList<>();

    @TempDir
    Path directory;

    @BeforeAll
    static void signalsCanBeSet() {
        Needs.command("it takes env of GNU coreutils 8.31 or later", "env", DEFAULT_SIGNALS, "true");
    }

    @AfterEach
    void end() {
        children.forEach(RunningChild::close);
    }

    @Test
    void windowsHasNoHangUp() {
        List<String> names = List.of("HUP", "INT", "TERM");

        assertThat(SignalPurge.onSystem(names, "Windows 11")).containsExactly("INT", "TERM");
        assertThat(SignalPurge.onSystem(names, "Linux")).isEqualTo(names);
    }

    @Test
    void aSignalThatNobodyElseHandlesWipesAndTheApplicationGoesOn() {
        RunningChild child =
                start(List.of(), "--securememory.signals.enabled=true", "--securememory.signals.names=SIGUSR1");
        child.awaitLine("ready, secret open");

        child.signal("USR1");
        child.awaitLine("Signal USR1: everything in Secure Memory is wiped now");
        child.awaitLine("Secure memory purged: 1 wiped, 0 deferred, 0 failed");
        child.say("look");
        child.awaitLine("secret closed");
        child.say("close");
        child.awaitLine("context closed");
        // The handler is taken back: what the system does by default ends the process.
        child.signal("USR1");

        assertThat(child.awaitExit()).isEqualTo(exitCodeOfWhatIsKilledBy("USR1"));
    }

    @Test
    void aSignalIsHandedOnToTheHandlerBefore() {
        RunningChild child = start(
                List.of("-Dtest.handler=USR1"),
                "--securememory.signals.enabled=true",
                "--securememory.signals.names=usr1");
        child.awaitLine("ready, secret open");

        child.signal("USR1");
        child.awaitLine("Secure memory purged: 1 wiped");
        child.awaitLine("handler before was called");
        child.say("close");
        child.awaitLine("context closed");
        child.signal("USR1");
        child.awaitLine("handler before was called");

        child.say("end");
        assertThat(child.awaitExit()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "HUP, 129"})
    void aSignalThatEndsTheApplicationWipesFirstAndShutsDownThen(String signal, int exit) {
        RunningChild child = start(List.of(), "--securememory.signals.enabled=true");
        child.awaitLine("ready, secret open");

        wipesFirstAndShutsDownThen(child, signal, exit);
    }

    private static void wipesFirstAndShutsDownThen(RunningChild child, String signal, int exit) {
        child.signal(signal);
        child.awaitLine("Signal " + signal + ": everything in Secure Memory is wiped now");
        child.awaitLine("Secure memory purged: 1 wiped");
        child.awaitLine("Secure memory closed: 0 secrets wiped");

        assertThat(child.awaitExit()).isEqualTo(exit);
    }

    @Test
    void aSignalThatIsIgnoredFromTheStartStaysSoAndIsWarnedOfAndAnotherOneWipes() {
        RunningChild child = start("--ignore-signal=HUP", List.of(), "--securememory.signals.enabled=true");
        child.awaitLine("Signal HUP wipes nothing: it was ignored when the JVM started");
        child.awaitLine("ready, secret open");

        child.signal("HUP");
        wipesFirstAndShutsDownThen(child, "TERM", 143);
        assertThat(child.output()).doesNotContain("Signal HUP: everything");
    }

    @Test
    void withoutThemTheShutdownWipesAsEver() {
        RunningChild child = start(List.of());
        child.awaitLine("ready, secret open");

        child.signal("TERM");
        child.awaitLine("Secure memory closed: 1 secret wiped");

        assertThat(child.awaitExit()).isEqualTo(143);
        assertThat(child.output()).doesNotContain("Signal TERM");
    }

    /** The virtual machine refuses three signals itself then. It takes handlers of all others, and never calls them. */
    @ParameterizedTest
    @CsvSource({"-Xrs, HUP", "-Xrs, TERM", "-Xrs, USR1", "-XX:+ReduceSignalUsage, USR1"})
    void noSignalIsAcceptedWithAnOptionThatLeavesThemToTheSystem(String option, String signal) {
        RunningChild child =
                start(List.of(option), "--securememory.signals.enabled=true", "--securememory.signals.names=" + signal);
        child.awaitLine("APPLICATION FAILED TO START");
        child.awaitLine("The signal cannot be listened to: the JVM was started with -Xrs");

        assertThat(child.awaitExit()).isEqualTo(1);
        assertThat(child.output()).contains("securememory.signals.names").contains("Start Java without -Xrs");
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

    /** As its number is not the same on all processors, a process of another kind tells it. */
    private static int exitCodeOfWhatIsKilledBy(String signal) {
        return Program.run("env", DEFAULT_SIGNALS, "sh", "-c", "kill -" + signal + " $$")
                .exitCode();
    }

    private RunningChild start(List<String> options, String... arguments) {
        return start(DEFAULT_SIGNALS, options, arguments);
    }

    /** A running application, which is told what to do on its input. */
    private RunningChild start(String signals, List<String> options, String... arguments) {
        List<String> command = Starter.child(Application.class)
                .startedBy("env", signals)
                .options(options.toArray(String[]::new))
                .arguments("--securememory.secrets.key.location=classpath:declared-secret.txt")
                .arguments(arguments)
                .command();
        RunningChild child = RunningChild.start(command, directory);
        children.add(child);
        return child;
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
