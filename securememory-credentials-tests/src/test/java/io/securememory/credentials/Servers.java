package io.securememory.credentials;

import com.icegreen.greenmail.util.GreenMail;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldif.LDIFException;
import io.securememory.testing.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;

/** Servers for clients in another process. */
final class Servers implements AutoCloseable {

    private final Path directory;

    /** The last one first. */
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private final Workers workers = new Workers();

    private Servers(Path directory) {
        this.directory = directory;
    }

    static Servers in(Path directory) {
        return new Servers(directory);
    }

    /** Starts a server that knows a password, and returns where it is; empty if the hand-over needs none. */
    String address(Left left, String password) throws IOException, LDAPException, LDIFException {
        return switch (left) {
            case PEPPER, MONGO, H2, HIKARI_PROVIDER -> "";
            case POSTGRESQL, R2DBC -> postgres(left, password);
            case REDIS -> {
                RedisServer redis = RedisServer.start(Files.createDirectory(directory.resolve("redis")), password);
                yield kept(redis, redis.port());
            }
            case LDAP -> {
                DirectoryServer ldap = new DirectoryServer(password);
                yield kept(ldap, ldap.port());
            }
            case MAIL -> {
                GreenMail mail = MailUse.server(password);
                yield kept(mail::stop, mail.getSmtp().getPort());
            }
            case RABBIT -> {
                AmqpStandIn broker = new AmqpStandIn();
                workers.run(() -> answerAll(broker::nextPlain));
                yield kept(broker, broker.port());
            }
            case KAFKA -> {
                KafkaBroker kafka = KafkaBroker.start(Files.createDirectory(directory.resolve("kafka")), password);
                yield kept(kafka, kafka.address());
            }
            case CASSANDRA -> {
                CqlStandIn node = new CqlStandIn();
                workers.run(() -> answerAll(node::nextPlain));
                yield kept(node, node.port());
            }
            case BEARER, BEARER_NETTY, BASIC, SIGNED -> {
                RecordingServer http = new RecordingServer();
                yield kept(http, http.uri());
            }
        };
    }

    private String postgres(Left left, String password) throws IOException {
        PostgresServer postgres = PostgresServer.start(password);
        return kept(postgres, left == Left.R2DBC ? postgres.port() : postgres.url());
    }

    private String kept(AutoCloseable server, Object address) {
        started.push(server);
        return address.toString();
    }

    private static void answerAll(Callable<String> next) {
        try {
            while (true) {
                next.call();
            }
        } catch (Exception e) {
            // The server was closed.
        }
    }

    @Override
    public void close() {
        for (AutoCloseable server : started) {
            try {
                server.close();
            } catch (Exception e) {
                throw new AssertionError("a server does not end", e);
            }
        }
        workers.close();
    }
}
