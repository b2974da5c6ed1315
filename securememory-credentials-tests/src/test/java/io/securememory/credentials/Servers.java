package io.securememory.credentials;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/** Servers for clients in another process. */
final class Servers implements AutoCloseable {

    private final Path directory;

    /** The last one first. */
    private final Deque<AutoCloseable> started = new ArrayDeque<>();

    private Servers(Path directory) {
        this.directory = directory;
    }

    static Servers in(Path directory) {
        return new Servers(directory);
    }

    /** Starts a server that knows a password, and returns where it is; empty if the hand-over needs none. */
    String address(Left left, String password) throws IOException {
        return switch (left) {
            case POSTGRESQL -> {
                PostgresServer postgres = PostgresServer.start(password);
                started.push(postgres);
                yield postgres.url();
            }
            case H2, HIKARI_PROVIDER -> "";
            case REDIS -> {
                RedisServer redis = RedisServer.start(Files.createDirectory(directory.resolve("redis")), password);
                started.push(redis);
                yield Integer.toString(redis.port());
            }
        };
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
    }
}
