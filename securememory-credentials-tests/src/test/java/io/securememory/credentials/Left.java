package io.securememory.credentials;

import com.zaxxer.hikari.HikariDataSource;
import io.lettuce.core.RedisClient;
import java.nio.file.Path;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.Driver;

/** Hand-overs, each with a use of the secret. Each is a row of the table. */
enum Left {
    POSTGRESQL(
            "PostgreSQL: `securememory.credentials.datasource`, after two connections",
            JdbcUse::postgresql,
            HikariDataSource.class,
            Driver.class),
    H2(
            "H2: `securememory.credentials.datasource`, after two connections",
            JdbcUse::h2,
            HikariDataSource.class,
            JdbcDataSource.class),
    HIKARI_PROVIDER(
            "not of this starter, for comparison: H2 and HikariCP's own `HikariCredentialsProvider`",
            JdbcUse::provider,
            HikariDataSource.class,
            JdbcDataSource.class),
    REDIS("Redis: `securememory.credentials.redis`, after two connections", RedisUse::of, RedisClient.class);

    /** Uses a secret. */
    @FunctionalInterface
    interface Use {

        /**
         * Uses the secret.
         *
         * @param address where the server is, or empty
         * @return what an application keeps for as long as it runs
         */
        Object of(Path secret, String address) throws Exception;
    }

    private final String what;
    private final Use use;
    private final Class<?>[] libraries;

    Left(String what, Use use, Class<?>... libraries) {
        this.what = what;
        this.use = use;
        this.libraries = libraries;
    }

    String what() {
        return what;
    }

    String with() {
        return Library.namesOf(libraries);
    }

    Path secret(Path directory) {
        return directory.resolve(name());
    }

    Object use(Path directory, String address) throws Exception {
        return use.of(secret(directory), address);
    }
}
