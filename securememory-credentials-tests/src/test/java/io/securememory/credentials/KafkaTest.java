package io.securememory.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretStore;
import io.securememory.testing.OnceInShortForm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;

/** Clients of Kafka ask for the password of a real broker when they connect. */
@OnceInShortForm
class KafkaTest {

    private static final String SASL = "spring.kafka.security.protocol=SASL_PLAINTEXT";
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int POLLS = 60;
    private static final int ROTATIONS = 3;
    private static final int REQUESTS = 20;

    @TempDir
    Path directory;

    @Test
    void noMessageFailsWhileThePasswordIsReplacedOnBothSides() throws Exception {
        String first = SecretText.random();
        Path file = SecretText.write(directory.resolve("password"), first);
        try (KafkaBroker broker = KafkaBroker.start(directory, first);
                ConfigurableApplicationContext context = KafkaUse.start(file, broker.address(), List.of(), SASL)) {
            SecretStore secrets = context.getBean(SecretStore.class);
            List<Exception> failures;
            try (Load load = Load.of(() -> {
                KafkaUse.send(context, "message");
                return null;
            })) {
                for (int i = 0; i < ROTATIONS; i++) {
                    load.awaitMore(REQUESTS);
                    String next = SecretText.random();
                    broker.replace(next);
                    SecretText.write(file, next);
                    assertThat(secrets.reload(Contexts.SECRET)).isTrue();
                }
                load.awaitMore(REQUESTS);
                failures = load.failures();
            }
            assertThat(failures).isEmpty();

            context.getBean(ProducerFactory.class).reset();
            KafkaUse.send(context, "by a connection of the last password");
            assertThat(received(context)).contains("message", "by a connection of the last password");
            assertThat(context.getBean(KafkaAdmin.class).describeTopics(KafkaUse.TOPIC))
                    .containsKey(KafkaUse.TOPIC);
            refuse(context, secrets, file);
        }
    }

    private static Set<Object> received(ConfigurableApplicationContext context) {
        ConsumerFactory<?, ?> factory = context.getBean(ConsumerFactory.class);
        Set<Object> all = new HashSet<>();
        try (Consumer<?, ?> consumer = factory.createConsumer("group", "client")) {
            consumer.subscribe(List.of(KafkaUse.TOPIC));
            for (int i = 0; i < POLLS && all.size() < 2; i++) {
                consumer.poll(POLL).forEach(record -> all.add(record.value()));
            }
        }
        return all;
    }

    private static void refuse(ConfigurableApplicationContext context, SecretStore secrets, Path file)
            throws Exception {
        String unknown = SecretText.random();
        SecretText.write(file, unknown);
        secrets.reload(Contexts.SECRET);
        context.getBean(ProducerFactory.class).reset();

        assertThat(catchThrowable(() -> KafkaUse.send(context, "never")))
                .rootCause()
                .isInstanceOf(SaslAuthenticationException.class)
                .hasMessageNotContaining(unknown);
    }

    @Test
    void clientsThatDoNotAuthenticateFailTheStart() throws Exception {
        Path file = SecretText.write(directory.resolve("password"), SecretText.random());

        assertThatExceptionOfType(DeclaredSecretException.class)
                .isThrownBy(() -> KafkaUse.start(file, "127.0.0.1:1", List.of()).close())
                .withMessageContaining("connects without asking")
                .extracting(DeclaredSecretException::remedy, InstanceOfAssertFactories.STRING)
                .contains("spring.kafka.security.protocol=SASL_SSL");
    }

    @Test
    void oneClientThatAsksDoesNotStandForAnother() throws Exception {
        Path file = SecretText.write(directory.resolve("password"), SecretText.random());

        assertThatExceptionOfType(DeclaredSecretException.class)
                .isThrownBy(() -> KafkaUse.start(
                                file,
                                "127.0.0.1:1",
                                List.of(),
                                SASL,
                                "spring.kafka.consumer.security.protocol=PLAINTEXT")
                        .close())
                .withMessageContaining("connects without asking");
    }
}
