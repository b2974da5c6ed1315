package io.securememory.spring.boot.autoconfigure.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.spring.boot.watch.SecretWatch;
import io.securememory.spring.boot.watch.WatchState;
import io.securememory.testing.Await;
import java.nio.file.Path;
import org.crac.CheckpointException;
import org.crac.Core;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * What the session does when the virtual machine is to write a checkpoint. The machines here cannot: what they would call is
 * called.
 */
@Tag("boot")
class CheckpointGuardTest {

    private static final String PURGE = "securememory.checkpoint=purge";
    private static final String DECLARED = "securememory.secrets.key.location=classpath:declared-secret.txt";

    private final ApplicationContextRunner runner =
            Starter.runner().withConfiguration(AutoConfigurations.of(SecureMemoryLifecycleAutoConfiguration.class));

    @ParameterizedTest
    @EnumSource(Storage.class)
    void aCheckpointIsRefusedWhileThereIsASecret(Storage storage) {
        runner.run(context -> {
            Secret secret = context.getBean(SecureMemory.class).secrets(storage).create("text".toCharArray());
            CheckpointGuard guard = context.getBean(CheckpointGuard.class);

            assertThatExceptionOfType(CheckpointException.class)
                    .isThrownBy(() -> guard.beforeCheckpoint(Core.getGlobalContext()))
                    .withMessageContaining("1 open secrets or buffers")
                    .withMessageContaining("securememory.checkpoint=purge");

            assertThat(Starter.text(secret)).isEqualTo("text");
            secret.close();
            guard.beforeCheckpoint(Core.getGlobalContext());
            guard.afterRestore(Core.getGlobalContext());
        });
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void withPurgeEverythingIsWipedAndTheSessionWorksAfterTheRestore(Storage storage) {
        runner.withPropertyValues(PURGE).run(context -> {
            SecureMemory session = context.getBean(SecureMemory.class);
            Secret secret = session.secrets(storage).create("text".toCharArray());
            CheckpointGuard guard = context.getBean(CheckpointGuard.class);

            guard.beforeCheckpoint(Core.getGlobalContext());
            assertThat(secret.isClosed()).isTrue();
            assertThat(session.status().liveSecrets()).isZero();

            guard.afterRestore(Core.getGlobalContext());
            try (Secret later = context.getBean(SecretFactory.class).create("later".toCharArray())) {
                assertThat(Starter.text(later)).isEqualTo("later");
            }
        });
    }

    @Test
    void declaredSecretsThatAreWipedFailTheRestoreByName() {
        runner.withPropertyValues(PURGE, DECLARED).run(context -> {
            CheckpointGuard guard = context.getBean(CheckpointGuard.class);
            guard.beforeCheckpoint(Core.getGlobalContext());
            assertThat(context.getBean("key", Secret.class).isClosed()).isTrue();
            assertThatIllegalStateException()
                    .isThrownBy(() -> guard.afterRestore(Core.getGlobalContext()))
                    .withMessageContaining("[key]")
                    .withMessageContaining("Restart the application");
        });
    }

    @Test
    void noWatchedSecretIsReadAgainBetweenTheWipeAndTheCheckpoint(@TempDir Path directory) {
        runner.withPropertyValues(
                        PURGE,
                        Starter.location("key", Starter.write(directory, "key", "text")),
                        "securememory.secrets.key.reload-interval=100ms")
                .run(context -> {
                    SecretWatch watch = context.getBean(SecretWatch.class);
                    assertThat(watch.isRunning()).isTrue();
                    context.getBean(CheckpointGuard.class).beforeCheckpoint(Core.getGlobalContext());
                    assertThat(watch.isRunning()).isFalse();
                    assertThat(context.getBean("key", Secret.class).isClosed()).isTrue();
                    assertThat(watch.statuses().get(0).state()).isEqualTo(WatchState.WIPED);
                });
    }

    @Test
    void aSecretThatIsBeingReadKeepsTheCheckpointFromBeingWritten() {
        runner.withPropertyValues(PURGE, "securememory.close-timeout=10ms").run(context -> {
            CheckpointGuard guard = context.getBean(CheckpointGuard.class);
            Secret secret = context.getBean(SecretFactory.class).create("text".toCharArray());
            assertThatExceptionOfType(Exception.class)
                    .isThrownBy(() -> secret.useBytes(view -> {
                        Thread other = new Thread(() -> assertThatExceptionOfType(CheckpointException.class)
                                .isThrownBy(() -> guard.beforeCheckpoint(Core.getGlobalContext()))
                                .withMessageContaining("in use"));
                        Throwable[] failure = new Throwable[1];
                        other.setUncaughtExceptionHandler((thread, e) -> failure[0] = e);
                        other.start();
                        Await.end(other);
                        assertThat(failure[0]).isNull();
                    }));
        });
    }

    @Test
    void pausingAndRestartingAContextIsNoCheckpoint() {
        runner.withPropertyValues(DECLARED).run(context -> {
            ConfigurableApplicationContext pausable = context.getSourceApplicationContext();
            pausable.pause();
            pausable.restart();
            pausable.stop();
            pausable.start();
            assertThat(Starter.text(context.getBean("key", Secret.class))).isEqualTo("from the class path");
            assertThat(context.getBean(SecureMemory.class).status().purgesTotal())
                    .isZero();
        });
    }
}
