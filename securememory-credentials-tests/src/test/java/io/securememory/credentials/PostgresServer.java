package io.securememory.credentials;

import io.securememory.testing.Await;
import io.securememory.testing.RunningChild;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The server of PostgreSQL, on the loopback interface and with a folder of its own. The user {@code app} has a password, by which
 * it is authenticated with SCRAM-SHA-256. The administrator comes by a socket of the file system.
 */
final class PostgresServer implements AutoCloseable {

    static final String USER = "app";

    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final String ADMINISTRATOR = "administrator";

    /**
     * Stops the server on TERM, and deletes its folder, which is the first argument. A server that is killed would leave a
     * segment of shared memory. A shell has its children ignore QUIT, but the server does not.
     */
    private static final String SUPERVISOR = """
            folder=$1
            shift
            trap 'told=yes; kill -QUIT $server' TERM
            "$@" &
            server=$!
            wait $server
            wait $server
            test -z "$told" || rm -rf "$folder"
            """;

    /** Another process may take a port between the search for it and the start. */
    private static final int ATTEMPTS = 3;

    private final Path directory;
    private final RunningChild process;
    private final int port;

    private PostgresServer(Path directory, RunningChild process, int port) {
        this.directory = directory;
        this.process = process;
        this.port = port;
    }

    /** Starts a server whose folder is below that of temporary files: the server runs as another user than root. */
    static PostgresServer start(String password) throws IOException {
        Path directory = Files.createTempDirectory("postgres");
        if (isRoot()) {
            run(directory, List.of("chown", user(), directory.toString()), "");
        }
        run(
                directory,
                asUser(List.of(
                        program("initdb").toString(),
                        "--pgdata=" + directory.resolve("data"),
                        "--username=" + ADMINISTRATOR,
                        "--auth-local=trust",
                        "--auth-host=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--no-sync")),
                "");
        AssertionError last = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = freePort();
            RunningChild process =
                    ServerProcess.start(asUser(supervised(command(directory, port), directory)), directory);
            try {
                process.awaitLine("database system is ready to accept connections");
                PostgresServer server = new PostgresServer(directory, process, port);
                server.administrate("CREATE ROLE " + USER + " LOGIN PASSWORD '" + password + "'");
                return server;
            } catch (AssertionError e) {
                process.close();
                last = e;
            }
        }
        throw last;
    }

    private static List<String> command(Path directory, int port) {
        List<String> command = new ArrayList<>(List.of(program("postgres").toString()));
        command.addAll(List.of("-D", directory.resolve("data").toString()));
        command.addAll(List.of("-p", Integer.toString(port), "-k", directory.toString()));
        for (String setting : List.of(
                "listen_addresses=127.0.0.1",
                "fsync=off",
                "full_page_writes=off",
                "shared_buffers=16MB",
                "max_connections=50",
                "autovacuum=off",
                "log_min_messages=log")) {
            command.addAll(List.of("-c", setting));
        }
        return command;
    }

    /** A process that becomes another user loses the signal of its parent's death, so this asks for it anew. */
    private static List<String> supervised(List<String> command, Path directory) {
        List<String> supervised = new ArrayList<>(List.of(ServerProcess.program("setpriv", "util-linux")));
        supervised.addAll(List.of("--pdeathsig", "TERM", "sh", "-c", SUPERVISOR, "server", directory.toString()));
        supervised.addAll(command);
        return supervised;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Returns the newest version of a program. Without it the test fails: a proof that is left out would look like one. */
    private static Path program(String name) {
        try (Stream<Path> versions = Files.list(VERSIONS)) {
            return versions.map(version -> version.resolve("bin").resolve(name))
                    .filter(Files::isExecutable)
                    .max(Comparator.comparing(path -> Integer.parseInt(
                            path.getParent().getParent().getFileName().toString())))
                    .orElseThrow(PostgresServer::missing);
        } catch (IOException e) {
            throw missing();
        }
    }

    private static AssertionError missing() {
        return new AssertionError("PostgreSQL is needed and is not in " + VERSIONS + ": apt-get install postgresql");
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static String user() {
        return Files.exists(Path.of("/var/lib/postgresql")) ? "postgres" : "nobody";
    }

    /** PostgreSQL refuses to run as root. */
    private static List<String> asUser(List<String> command) {
        if (!isRoot()) {
            return command;
        }
        List<String> changed = new ArrayList<>(List.of(
                ServerProcess.program("setpriv", "util-linux"),
                "--reuid",
                user(),
                "--regid",
                user(),
                "--clear-groups"));
        changed.addAll(command);
        return changed;
    }

    private static void run(Path directory, List<String> command, String input) {
        try {
            Path output = Files.createTempFile("postgres", ".txt");
            Process process = new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try (var in = process.outputWriter()) {
                in.write(input);
            }
            if (!process.waitFor(Await.LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new AssertionError(command.get(command.size() - 1) + ": " + Files.readString(output));
            }
            Files.delete(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    int port() {
        return port;
    }

    /** Replaces the password. Open connections go on. */
    void setPassword(String password) {
        administrate("ALTER ROLE " + USER + " PASSWORD '" + password + "'");
    }

    /** Runs statements that come by the standard input, so that they are in no list of processes. */
    void administrate(String statements) {
        run(directory, psqlCommand(), statements);
    }

    /** Returns a command of a shell that takes statements by its standard input. */
    String psql() {
        return String.join(" ", psqlCommand());
    }

    private List<String> psqlCommand() {
        return asUser(List.of(
                program("psql").toString(),
                "--quiet",
                "--no-psqlrc",
                "--set=ON_ERROR_STOP=1",
                "--host=" + directory,
                "--port=" + port,
                "--username=" + ADMINISTRATOR,
                "--dbname=postgres"));
    }

    /** Returns the process of its supervisor. */
    long pid() {
        return process.pid();
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() {
        process.signal("TERM");
        process.awaitExit();
    }
}
