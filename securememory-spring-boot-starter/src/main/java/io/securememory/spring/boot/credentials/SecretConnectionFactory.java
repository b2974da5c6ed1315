package io.securememory.spring.boot.credentials;

import io.r2dbc.spi.Connection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ConnectionFactoryMetadata;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.Wrapped;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import java.nio.CharBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;

/**
 * Opens connections of R2DBC with a secret as the password, which a driver gets only while it opens one. It is below a pool.
 *
 * <pre>{@code
 * ConnectionFactory driver = ConnectionFactories.get(options.option(Option.valueOf("password"), SecretConnectionFactory.PASSWORD)
 *         .build());
 * ConnectionFactory connections = new SecretConnectionFactory(driver, () -> store.accepted("db-password"), listener);
 * }</pre>
 *
 * <p><b>Guarantees.</b> No object keeps the password between two connections. The driver gets characters that are wiped when the
 * attempt to connect ends, also if it fails or is given up. There is no {@code String} of the password.
 *
 * <p><b>Limits.</b> The driver copies the characters while it authenticates, and does not wipe all of its copies. They are garbage
 * afterwards, until their memory is used again. Only drivers that take a publisher as the password can be used: that of
 * PostgreSQL.
 *
 * <p><b>Rotation.</b> The newest version is tried first. If the database refuses it (SQLSTATE class 28), older versions that are
 * still accepted are tried, and for a second, then two, up to a minute, they are tried before it, so that a wrong password is
 * seldom sent. Without an older version, each attempt sends it: a server that locks accounts after some attempts may do so.
 *
 * <p><b>Threading.</b> Safe for use by several threads.
 *
 * <p>Source: {@code SingleHostConnectionFunction} and {@code SASLAuthenticationHandler} of r2dbc-postgresql 1.1.
 */
public final class SecretConnectionFactory implements ConnectionFactory, Wrapped<ConnectionFactory> {

    /**
     * The value of the option {@code password} of the driver. It has no password: that of the attempt to connect is found in the
     * context of the subscriber.
     */
    public static final Publisher<CharSequence> PASSWORD = Mono.deferContextual(context -> {
        if (!context.hasKey(Attempt.class)) {
            return Mono.error(new R2dbcNonTransientResourceException(
                    "The password is a secret, and this connection is not opened by a SecretConnectionFactory."));
        }
        return Mono.just(context.get(Attempt.class).lend());
    });

    private static final String INVALID_AUTHORIZATION = "28";

    private final ConnectionFactory driver;
    private final Supplier<List<Secret>> versions;
    private final PasswordListener listener;
    private final RefusedVersion refusedVersion = new RefusedVersion();

    /**
     * Opens no connection yet.
     *
     * @param driver opens connections, and was made with {@link #PASSWORD} as its password
     * @param versions supplies the versions of the password that may be accepted, the newest one first and at least one, as
     *     {@code SecretStore.accepted} does
     * @param listener is told whether the newest version is accepted, by the thread that opens a connection
     */
    public SecretConnectionFactory(
            ConnectionFactory driver, Supplier<List<Secret>> versions, PasswordListener listener) {
        this.driver = Objects.requireNonNull(driver, "driver");
        this.versions = Objects.requireNonNull(versions, "versions");
        this.listener = Objects.requireNonNull(listener, "listener");
    }

    /** One version, and the characters that the driver has of it. */
    private static final class Attempt {

        private final Secret version;
        private final Queue<char[]> lent = new ConcurrentLinkedQueue<>();

        Attempt(Secret version) {
            this.version = version;
        }

        CharSequence lend() {
            char[] characters = version.withHeapChars(own -> own.clone());
            lent.add(characters);
            return CharBuffer.wrap(characters).asReadOnlyBuffer();
        }

        void wipe() {
            lent.forEach(characters -> Arrays.fill(characters, '\0'));
        }
    }

    /**
     * Opens a connection when it is subscribed to.
     *
     * @return the connection; an error if the database cannot be reached or refuses all versions of the password, and {@link
     *     SecretClosedException} if the secret was closed or purged
     */
    @Override
    public Mono<Connection> create() {
        return Mono.defer(this::tryAll);
    }

    private Mono<Connection> tryAll() {
        List<Secret> accepted = versions.get();
        Secret newest = accepted.get(0);
        boolean waits = accepted.size() > 1 && refusedVersion.waits(newest);
        return tryFrom(accepted, waits ? newestLast(accepted) : accepted, 0);
    }

    /** If the others are refused, too, the database may know the newest one by now. */
    private static List<Secret> newestLast(List<Secret> accepted) {
        return Stream.concat(accepted.stream().skip(1), accepted.stream().limit(1))
                .toList();
    }

    /** Tries a version, and then those after it. */
    private Mono<Connection> tryFrom(List<Secret> accepted, List<Secret> order, int index) {
        Secret version = order.get(index);
        return connect(version)
                .doOnNext(connection -> tell(accepted.get(0), version))
                .onErrorResume(failure -> {
                    if (version.isClosed() && !versions.get().equals(accepted)) {
                        return tryAll();
                    }
                    if (!isRefusal(failure)) {
                        return Mono.error(failure);
                    }
                    if (index + 1 < order.size()) {
                        return tryFrom(accepted, order, index + 1);
                    }
                    refusedVersion.remember(accepted.get(0));
                    listener.refused(false);
                    return Mono.error(failure);
                });
    }

    private Mono<Connection> connect(Secret version) {
        Attempt attempt = new Attempt(version);
        return Mono.<Connection>from(driver.create())
                .contextWrite(context -> context.put(Attempt.class, attempt))
                .doFinally(end -> attempt.wipe());
    }

    private void tell(Secret newest, Secret version) {
        if (version == newest) {
            refusedVersion.forget();
            if (versions.get().get(0) == newest) { // Otherwise it was rotated meanwhile.
                listener.accepted();
            }
        } else {
            refusedVersion.remember(newest);
            listener.refused(true);
        }
    }

    private static boolean isRefusal(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof R2dbcException known
                    && String.valueOf(known.getSqlState()).startsWith(INVALID_AUTHORIZATION)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public ConnectionFactoryMetadata getMetadata() {
        return driver.getMetadata();
    }

    @Override
    public ConnectionFactory unwrap() {
        return driver;
    }

    /** Has neither the password nor the address. */
    @Override
    public String toString() {
        return "SecretConnectionFactory[" + driver.getMetadata().getName() + "]";
    }
}
