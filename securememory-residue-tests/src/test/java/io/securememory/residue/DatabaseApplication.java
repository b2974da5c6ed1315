package io.securememory.residue;

import com.zaxxer.hikari.HikariDataSource;
import io.securememory.Secret;
import io.securememory.spring.boot.NamedSecret;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** Opens each connection with a password that only the driver gets, and only while the connection is opened. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class DatabaseApplication {

    private static final int CONNECTIONS = 20;

    /** Makes connections for the pool. */
    private static final class LatePassword extends AbstractDataSource {

        private final Secret password;

        LatePassword(Secret password) {
            this.password = password;
        }

        @Override
        public Connection getConnection() throws SQLException {
            return password.withHeapChars(characters -> {
                JdbcDataSource driver = new JdbcDataSource();
                driver.setURL("jdbc:h2:mem:clean;DB_CLOSE_DELAY=-1");
                driver.setUser("app");
                driver.setPasswordChars(characters);
                return driver.getConnection();
            });
        }

        @Override
        public Connection getConnection(String username, String other) throws SQLException {
            return getConnection();
        }
    }

    @Bean
    DataSource dataSource(@NamedSecret("password") Secret password) {
        HikariDataSource pool = new HikariDataSource();
        pool.setDataSource(new LatePassword(password));
        return pool;
    }

    static Kept begin(Given given) {
        ConfigurableApplicationContext context = Contexts.start(
                given,
                WebApplicationType.NONE,
                DatabaseApplication.class,
                Contexts.secret(given, "password", "password" + Material.SECRET));
        HikariDataSource pool = context.getBean(HikariDataSource.class);
        JdbcClient client = context.getBean(JdbcClient.class);
        System.gc(); // One in the middle of an access would move the array, and leave a copy where it was.
        for (int i = 0; i < CONNECTIONS; i++) {
            int answer = client.sql("SELECT " + i).query(Integer.class).single();
            if (answer != i) {
                throw new IllegalStateException("the answer is " + answer);
            }
            pool.getHikariPoolMXBean().softEvictConnections();
        }
        return Kept.of(context);
    }
}
