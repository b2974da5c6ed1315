package io.securememory.spring.boot.credentials;

import io.securememory.SecretClosedException;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/**
 * Gives PostgreSQL's driver the password when the server asks for it, as characters that the driver wipes. The driver makes
 * objects of this class by its name; {@link SecretDataSource} tells it to.
 *
 * <p><b>Guarantees.</b> There is no {@code String} of the password. The driver wipes the array that it gets, and this library
 * wipes its own one.
 *
 * <p><b>Limits.</b> The driver and its library for SCRAM make further arrays while they authenticate. A garbage collection at
 * that moment may leave a copy of any of them in free memory of the heap.
 *
 * <p><b>Threading.</b> Each connection has an object of its own.
 */
public final class PostgresPasswordPlugin implements AuthenticationPlugin {

    /** Property of a connection that says which secret it is, by a number that means nothing after the connection is open. */
    static final String LENT_ID = "securememory.lent";

    private final @Nullable String id;

    /**
     * Called by the driver.
     *
     * @param properties those of the connection
     */
    public PostgresPasswordPlugin(Properties properties) {
        id = properties.getProperty(LENT_ID);
    }

    @Override
    public char[] getPassword(AuthenticationRequestType type) throws PSQLException {
        try {
            return LentSecret.find(id).withHeapChars(char[]::clone);
        } catch (SecretClosedException e) {
            throw new PSQLException(
                    "The password is closed, or the time for this connection is over", PSQLState.CONNECTION_FAILURE, e);
        }
    }
}
