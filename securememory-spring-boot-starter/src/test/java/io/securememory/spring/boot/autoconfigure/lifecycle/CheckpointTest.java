package io.securememory.spring.boot.autoconfigure.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.testing.Result;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.crac.CheckpointException;
import org.crac.RestoreException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Whole applications before, in and after a checkpoint. Nothing is written, for which it takes another virtual
 * machine; who is told of it, and in which order, is as there.
 */
class CheckpointTest {

    private static final String NEXT = "case: ";

    /** Applications that one child starts in turn, as a virtual machine costs more than all of them. */
    private enum Case {
        WORKER(),
        DECLARED("--securememory.secrets.key.location=classpath:declared-secret.txt"),
        PURGE("--securememory.checkpoint=purge"),
        PURGE_DECLARED(
                "--securememory.checkpoint=purge", "--securememory.secrets.key.location=classpath:declared-secret.txt");

        private final List<String> arguments;

        Case(String... arguments) {
            this.arguments = List.of(arguments);
        }
    }

    private static String output;

    @BeforeAll
    static void run() {
        Result result = Starter.child(Application.class)
                .options("-Dorg.crac.Core.Compat=io.securememory.spring.boot.checkpoint")
                .run();
        output = result.output();
        assertThat(result.exitCode()).as(output).isZero();
    }

    @Test
    void itIsRefusedAfterEverythingElseHasStoppedAndTheApplicationGoesOn() {
        assertThat(linesOf(Case.DECLARED))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("checkpoint: CheckpointException: A checkpoint would write 2 open secrets")
                        .contains("securememory.checkpoint=purge"))
                .contains("after: live=2 worker=true")
                .noneMatch(line -> line.startsWith("image:"));
    }

    @Test
    void whatIsMadeWhileTheApplicationStopsIsNotWrittenEither() {
        assertThat(linesOf(Case.WORKER))
                .anySatisfy(line -> assertThat(line).contains("A checkpoint would write 1 open secrets"))
                .contains("after: live=1 worker=true")
                .noneMatch(line -> line.startsWith("image:"));
    }

    @Test
    void withPurgeNothingIsWrittenAndTheApplicationGoesOn() {
        assertThat(linesOf(Case.PURGE))
                .containsSubsequence("image: live=0 worker=false", "checkpoint: restored", "after: live=0 worker=true");
    }

    @Test
    void withPurgeTheRestoreFailsForDeclaredSecrets() {
        assertThat(linesOf(Case.PURGE_DECLARED))
                .contains("image: live=0 worker=false")
                .anySatisfy(line -> assertThat(line)
                        .startsWith("checkpoint: RestoreException: The declared secrets [key] were wiped"));
    }

    private static List<String> linesOf(Case which) {
        List<String> lines = output.lines().toList();
        int start = lines.indexOf(NEXT + which);
        assertThat(start).as(output).isNotNegative();
        return lines.stream()
                .skip(start + 1)
                .takeWhile(line -> !line.startsWith(NEXT))
                .toList();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        public static void main(String[] none) {
            for (Case which : Case.values()) {
                System.out.println(NEXT + which);
                io.securememory.spring.boot.checkpoint.Core.forgetAll();
                run(which.arguments.toArray(String[]::new));
            }
        }

        private static void run(String... arguments) {
            try (ConfigurableApplicationContext context = SpringApplication.run(Application.class, arguments)) {
                SecureMemory session = context.getBean(SecureMemory.class);
                Worker worker = context.getBean(Worker.class);
                io.securememory.spring.boot.checkpoint.Core.onImage(() -> say("image: ", session, worker));
                System.out.println("checkpoint: " + checkpoint());
                say("after: ", session, worker);
            }
        }

        private static void say(String when, SecureMemory session, Worker worker) {
            System.out.println(when + "live=" + session.status().liveSecrets() + " worker=" + worker.isRunning());
        }

        private static String checkpoint() {
            try {
                org.crac.Core.checkpointRestore();
                return "restored";
            } catch (CheckpointException | RestoreException e) {
                return e.getClass().getSimpleName() + ": "
                        + Arrays.stream(e.getSuppressed())
                                .map(Throwable::getMessage)
                                .collect(Collectors.joining("; "));
            }
        }

        @Bean
        Worker worker(SecretFactory secrets) {
            return new Worker(secrets);
        }
    }

    /** Makes a secret as the last thing that it does, like a server that ends with a request. */
    static final class Worker implements SmartLifecycle {

        private final SecretFactory secrets;
        private volatile boolean running;

        /** Reachable, so that it is no leak. */
        private @Nullable Secret last;

        Worker(SecretFactory secrets) {
            this.secrets = secrets;
        }

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            last = secrets.createRandom(16);
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }

        @Override
        public String toString() {
            return "Worker[" + last + "]";
        }
    }
}
