package io.securememory.spring.boot.credentials;

import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider.ImmediateRedisCredentialsProvider;
import io.securememory.Secret;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

/**
 * Gives Lettuce, the client of Redis, the password when it opens a connection, and again to open connections when the
 * password was replaced.
 *
 * <p><b>Guarantees.</b> The password is read from the secret for each authentication. Nothing holds it between two of them.
 *
 * <p><b>Limits.</b> Lettuce takes an array of characters, and encodes it into arrays of bytes and a buffer of Netty. It wipes
 * none of them. This class wipes the characters {@link #LENT} after Lettuce has asked for them, which is much later than it
 * encodes them. The other copies are garbage, until their memory is used again. If a connection is so slow that it encodes
 * wiped characters, the authentication fails, and Lettuce asks anew.
 *
 * <p>Open connections are authenticated again only if the client's options say so: {@code
 * ClientOptions.builder().reauthenticateBehavior(ReauthenticateBehavior.ON_NEW_CREDENTIALS)}. If the server refuses the new
 * password then, it lets the connection go on with what it had; Lettuce logs that.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 *
 * <p>The caller closes the secret. Source: Lettuce 7, {@code RedisHandshake} and {@code RedisAuthenticationHandler}.
 */
public final class SecretRedisCredentialsProvider implements ImmediateRedisCredentialsProvider, AutoCloseable {

    /** How long Lettuce has the characters of the password. A connection takes as long as this at most by default, too. */
    public static final Duration LENT = Duration.ofSeconds(10);

    private final Credentials credentials;
    private final Sinks.Many<RedisCredentials> replaced =
            Sinks.many().multicast().directBestEffort();

    /** Guarded by itself. */
    private final Set<char[]> lent = Collections.newSetFromMap(new IdentityHashMap<>());

    /**
     * Makes a provider.
     *
     * @param username the name of the user, or null for the user {@code default} of Redis
     * @param password the password, in UTF-8
     */
    public SecretRedisCredentialsProvider(@Nullable String username, Secret password) {
        this.credentials = new Credentials(username, Objects.requireNonNull(password, "password"));
    }

    @Override
    public RedisCredentials resolveCredentialsNow() {
        return credentials;
    }

    /**
     * Says that connections can be authenticated again.
     *
     * @return true
     */
    @Override
    public boolean supportsStreaming() {
        return true;
    }

    /**
     * Returns what open connections subscribe to.
     *
     * @return an element for each {@link #refresh}, and none before
     */
    @Override
    public Flux<RedisCredentials> credentials() {
        return replaced.asFlux();
    }

    /** Authenticates all open connections again: to be called after the password was replaced. */
    public void refresh() {
        synchronized (replaced) {
            replaced.tryEmitNext(credentials);
        }
    }

    /** Wipes what Lettuce has at this moment. To be closed after the client. Idempotent. */
    @Override
    public void close() {
        synchronized (lent) {
            lent.forEach(chars -> Arrays.fill(chars, '\0'));
            lent.clear();
        }
    }

    private char[] lend(char[] password) {
        char[] copy = password.clone();
        synchronized (lent) {
            lent.add(copy);
        }
        Schedulers.parallel().schedule(() -> take(copy), LENT.toMillis(), TimeUnit.MILLISECONDS);
        return copy;
    }

    private void take(char[] copy) {
        Arrays.fill(copy, '\0');
        synchronized (lent) {
            lent.remove(copy);
        }
    }

    /** Tells nothing of the password. */
    @Override
    public String toString() {
        return "SecretRedisCredentialsProvider[" + credentials + "]";
    }

    /** Stay the same, as they read the password when they are asked for it. */
    private final class Credentials implements RedisCredentials {

        private final @Nullable String username;
        private final Secret password;

        Credentials(@Nullable String username, Secret password) {
            this.username = username;
            this.password = password;
        }

        @Override
        public @Nullable String getUsername() {
            return username;
        }

        @Override
        public boolean hasUsername() {
            return username != null;
        }

        @Override
        public char[] getPassword() {
            return password.withHeapChars(SecretRedisCredentialsProvider.this::lend);
        }

        @Override
        public boolean hasPassword() {
            return true;
        }

        @Override
        public String toString() {
            return username == null ? "the default user" : "user '" + username + "'";
        }
    }
}
