package io.securememory.spring.boot.credentials;

import io.securememory.Secret;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.AppConfigurationEntry;
import org.apache.kafka.common.security.auth.AuthenticateCallbackHandler;
import org.jspecify.annotations.Nullable;

/**
 * Tells clients of Kafka the password when they connect, by {@code PLAIN} or {@code SCRAM}.
 *
 * <p>Kafka makes objects of this class by its name. So the configuration of a client has {@code
 * sasl.client.callback.handler.class} with this name, and {@link #CREDENTIAL} with a text that stands for the secret: {@link
 * #register} returns it. The name of the user is in {@code sasl.jaas.config}, as usual, without a password.
 *
 * <p><b>Guarantees.</b> The password is read from the secret for each authentication: when a connection begins, and when the
 * broker asks again ({@code connections.max.reauth.ms}).
 *
 * <p><b>Limits.</b> Kafka's client makes a String of the characters, and by SCRAM, keeps a hash of the password with the salt of
 * the broker for as long as the connection lasts. Nobody can wipe the String, which is garbage afterwards.
 *
 * <p><b>Threading.</b> Safe for use by several threads. The caller closes the secret. Source: Kafka 4, {@code ScramSaslClient};
 * {@code com.sun.security.sasl}.
 */
public final class SecretSaslCallbackHandler implements AuthenticateCallbackHandler {

    /** Name of the client's property that stands for the secret. */
    public static final String CREDENTIAL = "securememory.credential";

    private static final String USERNAME = "username";
    private static final Map<String, Secret> SECRETS = new ConcurrentHashMap<>();

    private @Nullable Secret password;
    private @Nullable String username;

    /** Called by Kafka. */
    public SecretSaslCallbackHandler() {}

    /**
     * Makes a secret known to the clients of this process.
     *
     * @param password the password, in UTF-8
     * @return a random text for {@link #CREDENTIAL}, which tells nothing of the secret
     */
    public static String register(Secret password) {
        String id = UUID.randomUUID().toString();
        SECRETS.put(id, Objects.requireNonNull(password, "password"));
        return id;
    }

    /**
     * Forgets a secret. Clients that have the text cannot be made any more.
     *
     * @param credential what {@link #register} has returned
     */
    public static void unregister(String credential) {
        SECRETS.remove(credential);
    }

    /**
     * Called by Kafka when a client is made.
     *
     * @throws IllegalArgumentException if the mechanism has no password, the name of the user is missing, or the secret is not
     *     registered
     */
    @Override
    public void configure(Map<String, ?> configs, String saslMechanism, List<AppConfigurationEntry> jaasConfigEntries) {
        if (!saslMechanism.equals("PLAIN") && !saslMechanism.startsWith("SCRAM-")) {
            throw new IllegalArgumentException("sasl.mechanism is " + saslMechanism
                    + ", which takes no password: set SCRAM-SHA-512, SCRAM-SHA-256 or PLAIN");
        }
        password = configs.get(CREDENTIAL) instanceof String id ? SECRETS.get(id) : null;
        if (password == null) {
            throw new IllegalArgumentException(CREDENTIAL + " does not stand for a secret that is registered");
        }
        username = jaasConfigEntries.stream()
                .map(entry -> entry.getOptions().get(USERNAME))
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "sasl.jaas.config has no name of a user: append username=\"...\", and no password"));
    }

    @Override
    public void handle(Callback[] callbacks) throws UnsupportedCallbackException {
        for (Callback callback : callbacks) {
            if (callback instanceof NameCallback name) {
                name.setName(username);
            } else if (callback instanceof PasswordCallback given) {
                Objects.requireNonNull(password, "not configured").withHeapChars(chars -> {
                    given.setPassword(chars); // Copies them.
                    return given;
                });
            } else {
                throw new UnsupportedCallbackException(callback, "neither a name nor a password");
            }
        }
    }

    @Override
    public void close() {
        password = null;
    }
}
