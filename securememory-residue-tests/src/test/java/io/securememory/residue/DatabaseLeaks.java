package io.securememory.residue;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.Credentials;
import io.securememory.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import org.h2.security.SHA256;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** Passwords of databases. */
final class DatabaseLeaks {

    private static final String CONFIGURATION = "application.properties";
    private static final String NEW_PASSWORD = "new-password" + Material.SECRET;
    private static final String USER = "APP";

    private DatabaseLeaks() {}

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(DataSourceAutoConfiguration.class)
    static class Application {}

    static void prepare(Path directory) throws IOException {
        String password = Material.text(directory, "password");
        Files.writeString(directory.resolve(CONFIGURATION), """
                spring.datasource.url=jdbc:h2:mem:%s
                spring.datasource.username=%s
                spring.datasource.password=%s
                """.formatted(directory.getFileName(), USER, password));
    }

    static void prepareTwo(Path directory) throws IOException {
        prepare(directory);
        Material.text(directory, "new-password");
    }

    static Kept connect(Given given) throws SQLException {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run("--spring.main.banner-mode=off", "--spring.config.location=file:" + given.file(CONFIGURATION));
        execute(context.getBean(HikariDataSource.class), "SELECT 1");
        return Kept.of(context);
    }

    static Kept rotate(Given given) throws SQLException {
        Kept kept = connect(given);
        HikariDataSource pool = ((ConfigurableApplicationContext) kept.first()).getBean(HikariDataSource.class);
        try (Secret password = given.secret(NEW_PASSWORD)) {
            execute(pool, password.withHeapChars(DatabaseLeaks::changeByHash));
        }
        pool.setCredentials(Credentials.of(USER, given.text(NEW_PASSWORD)));
        pool.getHikariPoolMXBean().softEvictConnections();
        execute(pool, "SELECT 2");
        return kept;
    }

    /** Changes the password as an administrator would elsewhere: this process gets a hash. */
    private static String changeByHash(char[] password) {
        byte[] salt = new byte[Long.BYTES];
        new SecureRandom().nextBytes(salt);
        byte[] hash = SHA256.getHashWithSalt(SHA256.getKeyPasswordHash(USER, password), salt);
        HexFormat hex = HexFormat.of();
        return "ALTER USER " + USER + " SET SALT '" + hex.formatHex(salt) + "' HASH '" + hex.formatHex(hash) + "'";
    }

    private static void execute(HikariDataSource pool, String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
