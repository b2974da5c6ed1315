package io.securememory.credentials;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.securememory.testing.Await;
import java.nio.file.Path;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Mono;

/** An application that uses PostgreSQL by R2DBC, without a pool. */
final class R2dbcUse {

    static final String PACKAGE = "org.springframework.boot.r2dbc";

    private R2dbcUse() {}

    static Object of(Path secret, String port) {
        ConfigurableApplicationContext context = Contexts.start(
                secret,
                "r2dbc",
                PACKAGE,
                List.of(),
                "spring.r2dbc.url=" + url(port),
                "spring.r2dbc.username=" + PostgresServer.USER);
        ConnectionFactory connections = context.getBean(ConnectionFactory.class);
        ask(connections);
        ask(connections);
        return context;
    }

    static String url(Object port) {
        return "r2dbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    /** Opens a connection, and returns 42. */
    static Integer ask(ConnectionFactory connections) {
        return Mono.usingWhen(
                        Mono.<Connection>from(connections.create()),
                        connection -> Mono.from(
                                        connection.createStatement("SELECT 42").execute())
                                .flatMap(result -> Mono.from(result.map((row, columns) -> row.get(0, Integer.class)))),
                        Connection::close)
                .block(Await.LIMIT);
    }
}
