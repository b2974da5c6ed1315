package io.securememory.spring.boot.credentials;

import com.datastax.oss.driver.api.core.auth.PlainTextAuthProviderBase;
import com.datastax.oss.driver.api.core.metadata.EndPoint;
import io.securememory.Secret;
import java.util.Objects;

/**
 * Tells the driver of Cassandra the password for each connection that it opens: {@code
 * CqlSession.builder().withAuthProvider(...)}.
 *
 * <p><b>Guarantees.</b> The driver wipes the characters that it gets, and what it encodes them into, when it has sent them.
 *
 * <p><b>Limits.</b> The buffers of Netty, from which they are sent, are not wiped.
 *
 * <p><b>Threading.</b> Safe for use by several threads. The caller closes the secret.
 */
public final class SecretCassandraAuthProvider extends PlainTextAuthProviderBase {

    private final String username;
    private final Secret password;

    /**
     * Makes a provider.
     *
     * @param username the name of the user
     * @param password the password, in UTF-8
     */
    public SecretCassandraAuthProvider(String username, Secret password) {
        super("securememory");
        this.username = Objects.requireNonNull(username, "username");
        this.password = Objects.requireNonNull(password, "password");
    }

    @Override
    protected Credentials getCredentials(EndPoint endPoint, String serverAuthenticator) {
        return new Credentials(username.toCharArray(), password.withHeapChars(char[]::clone));
    }
}
