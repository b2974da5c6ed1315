package io.securememory.credentials;

import io.securememory.testing.Await;
import io.securememory.testing.RunningChild;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The server of Redis, on the loopback interface and with a folder of its own. The user {@code app} has passwords, and the
 * default user has none and may do nothing.
 */
final class RedisServer implements AutoCloseable {

    static final String USER = "app";

    /** Another process may take a port between the search for it and the start. */
    private static final int ATTEMPTS = 3;

    private final RunningChild process;
    private final int port;

    private RedisServer(RunningChild process, int port) {
        this.process = process;
        this.port = port;
    }

    static RedisServer start(Path directory, String password) throws IOException {
        String program = ServerProcess.program("redis-server", "redis-server");
        Files.writeString(directory.resolve("users.acl"), """
                user default off
                user admin on nopass ~* &* +@all
                user %s on >%s ~* &* +@all
                """.formatted(USER, password));
        AssertionError last = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            int port = freePort();
            RunningChild process = ServerProcess.start(command(program, port, directory), directory);
            try {
                process.awaitLine("Ready to accept connections");
                return new RedisServer(process, port);
            } catch (AssertionError e) {
                process.close();
                last = e;
            }
        }
        throw last;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static List<String> command(String program, int port, Path directory) {
        List<String> command = new ArrayList<>(List.of(program, "--port", Integer.toString(port)));
        command.addAll(List.of("--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"));
        command.addAll(List.of("--dir", directory.toString()));
        command.addAll(List.of("--aclfile", directory.resolve("users.acl").toString()));
        return command;
    }

    int port() {
        return port;
    }

    /** Has one password more from now on. */
    void allow(String password) throws IOException {
        administrate("ACL SETUSER " + USER + " >" + password);
    }

    /** Has one password less from now on. Connections that were authenticated with it go on. */
    void forbid(String password) throws IOException {
        administrate("ACL SETUSER " + USER + " <" + password);
    }

    /** Ends all connections of the user, so that each has to authenticate again. */
    void endConnections() throws IOException {
        administrate("CLIENT KILL USER " + USER);
    }

    /** How often any connection was authenticated after it was opened, this object's own ones left out. */
    long reauthentications() throws IOException {
        return Long.parseLong(administrate("INFO commandstats")
                .filter(line -> line.startsWith("cmdstat_auth:"))
                .map(line -> line.replaceFirst(".*?calls=(\\d+).*", "$1"))
                .orElse("0"));
    }

    /** Runs a command in a connection of its own, which is authenticated by HELLO. Returns the line about AUTH, if any. */
    private Optional<String> administrate(String command) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                BufferedReader in =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))) {
            socket.setSoTimeout(Math.toIntExact(Await.LIMIT.toMillis()));
            socket.getOutputStream()
                    .write(("HELLO 2 AUTH admin any\r\n" + command + "\r\nQUIT\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            List<String> answer = in.lines().toList();
            List<String> errors =
                    answer.stream().filter(line -> line.startsWith("-")).toList();
            if (!errors.isEmpty()) {
                throw new IOException("the server has refused a command of its administrator: " + errors);
            }
            return answer.stream()
                    .filter(line -> line.startsWith("cmdstat_auth:"))
                    .findFirst();
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
