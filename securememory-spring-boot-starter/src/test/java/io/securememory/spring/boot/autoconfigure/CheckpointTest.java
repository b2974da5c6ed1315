package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecureMemory;
import io.securememory.testing.Result;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.crac.CheckpointException;
import org.crac.RestoreException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A whole application before, in and after a checkpoint. Nothing is written, for which it takes another virtual
 * machine; who is told of it, and in which order, is as there.
 */
class CheckpointTest {

    private static final String DECLARED = "--securememory.secrets.key.location=classpath:declared-secret.txt";
    private static final String PURGE = "--securememory.checkpoint=purge";

    @Test
    void itIsRefusedAfterEverythingElseHasStoppedAndTheApplicationGoesOn() throws Exception {
        assertThat(checkpoint(DECLARED))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("checkpoint: CheckpointException: A checkpoint would write 2 open secrets")
                        .contains("securememory.checkpoint=purge"))
                .contains("after: live=2 worker=true")
                .noneMatch(line -> line.startsWith("image:"));
    }

    @Test
    void whatIsMadeWhileTheApplicationStopsIsNotWrittenEither() throws Exception {
        assertThat(checkpoint())
                .anySatisfy(line -> assertThat(line).contains("A checkpoint would write 1 open secrets"))
                .contains("after: live=1 worker=true")
                .noneMatch(line -> line.startsWith("image:"));
    }

    @Test
    void withPurgeNothingIsWrittenAndTheApplicationGoesOn() throws Exception {
        assertThat(checkpoint(PURGE))
                .containsSubsequence("image: live=0 worker=false", "checkpoint: restored", "after: live=0 worker=true");
    }

    @Test
    void withPurgeTheRestoreFailsForDeclaredSecrets() throws Exception {
        assertThat(checkpoint(PURGE, DECLARED))
                .contains("image: live=0 worker=false")
                .anySatisfy(line -> assertThat(line)
                        .startsWith("checkpoint: RestoreException: The declared secrets [key] were wiped"));
    }

    private static List<String> checkpoint(String... arguments) throws Exception {
        Result result = Starter.child(Application.class)
                .options("-Dorg.crac.Core.Compat=io.securememory.spring.boot.checkpoint")
                .arguments(arguments)
                .run();
        assertThat(result.exitCode()).as(result.output()).isZero();
        return result.output().lines().toList();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {

        public static void main(String[] arguments) {
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
