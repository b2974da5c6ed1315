package io.securememory.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretStore;
import io.securememory.testing.Await;
import io.securememory.testing.Workers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Future;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.amqp.rabbit.connection.CachingConnectionFactory;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The client of RabbitMQ asks for the password each time that it connects. The other side is a stand-in for a broker. */
class RabbitTest {

    @TempDir
    Path directory;

    @Configuration(proxyBeanMethods = false)
    static class OwnFactory {
        @Bean
        ConnectionFactory ownFactory() {
            return new CachingConnectionFactory("127.0.0.1");
        }
    }

    @Test
    void eachConnectionHasThePasswordOfThatMoment() throws Exception {
        Path file = SecretText.write(directory.resolve("password"), SecretText.random());
        try (AmqpStandIn broker = new AmqpStandIn();
                Workers workers = new Workers();
                ConfigurableApplicationContext context =
                        RabbitUse.start(file, Integer.toString(broker.port()), List.of())) {
            for (int i = 0; i < 2; i++) {
                String password = SecretText.random();
                SecretText.write(file, password);
                context.getBean(SecretStore.class).reload(Contexts.SECRET);
                Future<String> heard = workers.submit(broker::nextPlain);
                RabbitUse.connect(context);

                assertThat(Await.result(heard)).isEqualTo("\0" + RabbitUse.USER + "\0" + password);
            }
        }
    }

    @Test
    void aConnectionFactoryThatDoesNotAskFailsTheStart() throws Exception {
        Path file = SecretText.write(directory.resolve("password"), SecretText.random());

        assertThatExceptionOfType(DeclaredSecretException.class)
                .isThrownBy(() ->
                        RabbitUse.start(file, "1", List.of(OwnFactory.class)).close())
                .withMessageContaining("'ownFactory'")
                .extracting(DeclaredSecretException::remedy, InstanceOfAssertFactories.STRING)
                .contains("CredentialsProvider");
    }
}
