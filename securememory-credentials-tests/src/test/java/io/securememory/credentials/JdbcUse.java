package io.securememory.credentials;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import io.securememory.Secret;
import io.securememory.SecureMemory;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.springframework.context.ConfigurableApplicationContext;

/** Applications that use a database. */
final class JdbcUse {

    private static final String PACKAGE = "org.springframework.boot.jdbc";

    private JdbcUse() {}

    static Object postgresql(Path secret, String url) throws SQLException {
        return use(Contexts.start(
                secret,
                "datasource",
                PACKAGE,
                List.of(),
                "spring.datasource.url=" + url,
                "spring.datasource.username=" + PostgresServer.USER));
    }

    static Object h2(Path secret, String none) throws SQLException {
        return use(Contexts.start(
                secret,
                "datasource",
                PACKAGE,
                List.of(),
                "spring.datasource.url=jdbc:h2:mem:left",
                "spring.datasource.username=app"));
    }

    private static Object use(ConfigurableApplicationContext context) throws SQLException {
        connectTwice(context.getBean(HikariDataSource.class));
        return context;
    }

    /** The second connection takes the place of the first one. */
    private static void connectTwice(HikariDataSource pool) throws SQLException {
        for (int i = 0; i < 2; i++) {
            try (Connection connection = pool.getConnection()) {
                if (!connection.isValid(1)) {
                    throw new IllegalStateException("the connection is not valid");
                }
            }
            pool.getHikariPoolMXBean().softEvictConnections();
        }
    }

    static Object provider(Path file, String none) throws SQLException {
        Secret secret = SecureMemory.create().secrets().read(file);
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:h2:mem:provided");
        pool.setCredentialsProvider(() -> new Credentials("app", secret.withHeapChars(String::new)));
        connectTwice(pool);
        return List.of(pool, secret);
    }
}
