package io.securememory.credentials;

import java.nio.file.Path;
import java.util.List;
import org.springframework.amqp.AmqpException;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.context.ConfigurableApplicationContext;

/** An application that connects to RabbitMQ. */
final class RabbitUse {

    static final String USER = "app";

    private static final int CONNECTIONS = 2;

    private RabbitUse() {}

    static ConfigurableApplicationContext start(Path file, String port, List<Class<?>> more) {
        return Contexts.start(
                file,
                "rabbitmq",
                "org.springframework.boot.amqp",
                more,
                "spring.rabbitmq.host=127.0.0.1",
                "spring.rabbitmq.port=" + port,
                "spring.rabbitmq.username=" + USER);
    }

    /** Returns when the other side has ended the connection. */
    static void connect(ConfigurableApplicationContext context) {
        try {
            context.getBean(ConnectionFactory.class).createConnection().close();
        } catch (AmqpException e) {
            return;
        }
        throw new IllegalStateException("the connection goes on");
    }

    static Object of(Path file, String port) {
        ConfigurableApplicationContext context = start(file, port, List.of());
        for (int i = 0; i < CONNECTIONS; i++) {
            connect(context);
        }
        return context;
    }
}
