package io.securememory.spring.boot.credentials;

import io.securememory.Secret;
import io.securememory.SecretClosedException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.logging.Logger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections of JDBC with a secret as the password, which a driver gets only while it opens one. A pool takes its
 * connections from here ({@code HikariDataSource.setDataSource}); this is no pool.
 *
 * <p><b>Guarantees.</b> No object keeps the password between two connections. PostgreSQL's driver gets it by
 * {@link PostgresPasswordPlugin}, H2's as characters that are wiped. Other drivers take nothing but a {@code String}, which is
 * garbage afterwards, or lives as long as its connection if the driver keeps it.
 *
 * <p><b>Rotation.</b> The newest version is tried first. If the database refuses it (SQLSTATE class 28), older versions that are
 * still accepted are tried, and for a second, then two, up to a minute, they are tried before it, so that a wrong password is
 * seldom sent. Without an older version, each attempt sends it: a server that locks accounts after some attempts may do so.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 */
public final class SecretDataSource implements DataSource {

    private static final String INVALID_AUTHORIZATION = "28";

    private final Driver driver;
    private final String url;
    private final Properties properties;
    private final @Nullable String username;
    private final Supplier<List<Secret>> versions;
    private final PasswordListener listener;
    private final PasswordForm form;
    private final RefusedVersion refusedVersion = new RefusedVersion();

    /**
     * Opens no connection yet.
     *
     * @param driver opens connections
     * @param url the address, without a password
     * @param properties those of each connection, without a password; copied
     * @param username the name of the user, or null if the properties have it or there is none
     * @param versions supplies the versions of the password that may be accepted, the newest one first and at least one, as
     *     {@code SecretStore.accepted} does
     * @param listener is told whether the newest version is accepted, by the thread that opens a connection
     */
    public SecretDataSource(
            Driver driver,
            String url,
            Properties properties,
            @Nullable String username,
            Supplier<List<Secret>> versions,
            PasswordListener listener) {
        this.driver = Objects.requireNonNull(driver, "driver");
        this.url = Objects.requireNonNull(url, "url");
        this.properties = new Properties();
        this.properties.putAll(properties);
        this.username = username;
        this.versions = Objects.requireNonNull(versions, "versions");
        this.listener = Objects.requireNonNull(listener, "listener");
        this.form = PasswordForm.of(url);
    }

    /**
     * Opens a connection.
     *
     * @throws SQLException if the database cannot be reached, or refuses all versions of the password
     * @throws SecretClosedException if the secret was closed or purged
     */
    @Override
    public Connection getConnection() throws SQLException {
        return getConnection(username, null);
    }

    /**
     * Opens a connection.
     *
     * @param user the name of the user, or null for that of the properties
     * @param password must be null, because the secret is the password
     * @throws SQLException if a password is given, if the database cannot be reached, or if it refuses all versions
     * @throws SecretClosedException if the secret was closed or purged
     */
    @Override
    public Connection getConnection(@Nullable String user, @Nullable String password) throws SQLException {
        if (password != null) {
            throw new SQLFeatureNotSupportedException("The password is a secret: give null in its place.");
        }
        while (true) {
            List<Secret> accepted = versions.get();
            Attempt attempt = attempt(user == null ? username : user, accepted);
            if (attempt.connection != null) {
                return attempt.connection;
            }
            if (!attempt.foundClosed) {
                throw Objects.requireNonNull(attempt.failure);
            }
            if (versions.get().equals(accepted)) {
                throw new SecretClosedException("The password of the database is closed or purged.");
            }
        }
    }

    /** One round through the versions. */
    private static final class Attempt {
        private @Nullable Connection connection;
        private @Nullable SQLException failure;
        private boolean foundClosed;
    }

    private Attempt attempt(@Nullable String user, List<Secret> accepted) throws SQLException {
        Attempt attempt = new Attempt();
        Secret newest = accepted.get(0);
        boolean skipsNewest = accepted.size() > 1 && refusedVersion.waits(newest);
        boolean refused = skipsNewest;
        for (Secret version : skipsNewest ? newestLast(accepted) : accepted) {
            try {
                attempt.connection = connect(user, version);
                tell(newest, version, refused);
                return attempt;
            } catch (SQLException | SecretClosedException e) {
                if (version.isClosed()) {
                    attempt.foundClosed = true;
                } else if (e instanceof SQLException failure && isRefusal(failure)) {
                    refused |= version == newest;
                    add(attempt, failure);
                } else {
                    throw e;
                }
            }
        }
        if (refused && !attempt.foundClosed) {
            refusedVersion.remember(newest);
            listener.refused(false);
        }
        return attempt;
    }

    /** If the others are refused, too, the database may know the newest one by now. */
    private static List<Secret> newestLast(List<Secret> accepted) {
        return Stream.concat(accepted.stream().skip(1), accepted.stream().limit(1))
                .toList();
    }

    private static void add(Attempt attempt, SQLException failure) {
        if (attempt.failure == null) {
            attempt.failure = failure;
        } else {
            attempt.failure.addSuppressed(failure);
        }
    }

    private void tell(Secret newest, Secret version, boolean refused) {
        if (version == newest) {
            refusedVersion.forget();
            if (versions.get().get(0) == newest) { // Otherwise it was rotated meanwhile.
                listener.accepted();
            }
        } else if (refused) {
            refusedVersion.remember(newest);
            listener.refused(true);
        }
    }

    private Connection connect(@Nullable String user, Secret version) throws SQLException {
        Properties own = new Properties();
        own.putAll(properties);
        if (user != null) {
            own.setProperty("user", user);
        }
        Connection connection = form.connect(driver, url, own, version);
        if (connection == null) {
            throw new SQLException(
                    "The driver " + driver.getClass().getName() + " does not know the address of the database.");
        }
        return connection;
    }

    /** Some databases have a class of their own for it. */
    private static boolean isRefusal(SQLException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException known
                    && (String.valueOf(known.getSQLState()).startsWith(INVALID_AUTHORIZATION)
                            || isRefusalOf(known.getErrorCode(), known.getSQLState()))) {
                return true;
            }
        }
        return false;
    }

    /** Oracle's ORA-01017, and SQL Server's error 18456. */
    private static boolean isRefusalOf(int code, @Nullable String state) {
        return (code == 1017 && "72000".equals(state)) || (code == 18456 && "S0001".equals(state));
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return null;
    }

    /** @throws SQLFeatureNotSupportedException always */
    @Override
    public void setLogWriter(@Nullable PrintWriter writer) throws SQLException {
        throw new SQLFeatureNotSupportedException("There is no log.");
    }

    /** Sets the time for all data sources of the JVM, as {@link DriverManager#setLoginTimeout} does. */
    @Override
    public void setLoginTimeout(int seconds) {
        DriverManager.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() {
        return DriverManager.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return driver.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        throw new SQLException("This wraps no " + type.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }

    /** Has neither the password nor the address, which may have one. */
    @Override
    public String toString() {
        return "SecretDataSource[driver=" + driver.getClass().getName() + "]";
    }
}
