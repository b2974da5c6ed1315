package io.securememory.residue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import io.securememory.spring.boot.NamedSecret;
import io.securememory.spring.boot.SecretRotatedEvent;
import io.securememory.spring.boot.SecretStore;
import io.securememory.testing.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/** Signs at intervals, and replaces its key each time. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = DataSourceAutoConfiguration.class)
@EnableScheduling
@Import(ScheduledApplication.Rotation.class)
class ScheduledApplication {

    private static final int KEYS = 5;
    private static final String CURRENT = "current";

    static class Rotation {

        private final CountDownLatch done = new CountDownLatch(KEYS - 1);
        private final SecretStore secrets;
        private final HmacSha256 hmac;
        private final Path directory;
        private int turn;

        Rotation(SecretStore secrets, @NamedSecret("key") Secret key, Environment environment) {
            this.secrets = secrets;
            this.hmac = new HmacSha256(key);
            this.directory = Path.of(environment.getRequiredProperty("directory"));
        }

        @Scheduled(fixedDelay = 10)
        void rotate() throws IOException {
            byte[] message = Integer.toString(turn).getBytes(UTF_8);
            if (!hmac.verify(message, hmac.sign(message))) {
                throw new IllegalStateException("the signature is wrong");
            }
            if (turn < KEYS - 1) {
                turn++;
                Files.move(
                        directory.resolve("next-" + turn), directory.resolve(CURRENT), StandardCopyOption.ATOMIC_MOVE);
                secrets.reload("key");
            }
        }

        @EventListener
        void rotated(SecretRotatedEvent event) {
            done.countDown();
        }
    }

    static void prepare(Path directory) throws IOException {
        for (int i = 0; i < KEYS; i++) {
            Material.key(directory, "key-" + i);
            Files.copy(
                    directory.resolve("key-" + i + Material.SECRET), directory.resolve(i == 0 ? CURRENT : "next-" + i));
        }
    }

    static Kept begin(Given given) {
        ConfigurableApplicationContext context = Contexts.start(
                given,
                WebApplicationType.NONE,
                ScheduledApplication.class,
                Contexts.secret(given, "key", CURRENT),
                "directory=" + given.directory());
        Await.open("the rotations", context.getBean(Rotation.class).done);
        return Kept.of(context);
    }
}
