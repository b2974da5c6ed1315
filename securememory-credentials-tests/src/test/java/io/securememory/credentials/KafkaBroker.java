package io.securememory.credentials;

import io.securememory.testing.Await;
import io.securememory.testing.ChildJvm;
import io.securememory.testing.Result;
import io.securememory.testing.RunningChild;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/** A broker of Kafka in another JVM, on the loopback interface, without ZooKeeper. Clients authenticate by SCRAM. */
final class KafkaBroker implements AutoCloseable {

    static final String USER = "app";
    static final String MECHANISM = "SCRAM-SHA-256";
    static final String LOGIN_MODULE = "org.apache.kafka.common.security.scram.ScramLoginModule required";

    private static final String ADMINISTRATOR = "admin";
    private static final int ITERATIONS = 4096;
    private static final String CLUSTER = "MkU3OEVBNTcwNTJENDM2Qk";
    private static final String PROPERTIES = "server.properties";
    private static final int ATTEMPTS = 3;

    private final RunningChild process;
    private final int port;
    private final String administratorPassword;

    private KafkaBroker(RunningChild process, int port, String administratorPassword) {
        this.process = process;
        this.port = port;
        this.administratorPassword = administratorPassword;
    }

    static KafkaBroker start(Path directory, String password) throws IOException {
        String administratorPassword = SecretText.random();
        AssertionError last = null;
        for (int i = 0; i < ATTEMPTS; i++) {
            Path own = Files.createDirectory(directory.resolve("broker" + i));
            int[] ports = freePorts();
            write(own, ports, administratorPassword);
            format(own, password, administratorPassword);
            List<String> command = child("kafka.Kafka").arguments(PROPERTIES).command();
            RunningChild process = ServerProcess.start(command, own);
            try {
                process.awaitLine("Kafka Server started");
                return new KafkaBroker(process, ports[0], administratorPassword);
            } catch (AssertionError e) {
                process.close();
                last = e;
            }
        }
        throw last;
    }

    private static int[] freePorts() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket first = new ServerSocket(0, 1, loopback);
                ServerSocket second = new ServerSocket(0, 1, loopback)) {
            return new int[] {first.getLocalPort(), second.getLocalPort()};
        }
    }

    private static void write(Path directory, int[] ports, String administratorPassword) throws IOException {
        Files.writeString(directory.resolve("log.xml"), """
                <configuration>
                  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%level %logger{0} %msg%n</pattern></encoder>
                  </appender>
                  <logger name="kafka.server" level="INFO"/>
                  <root level="WARN"><appender-ref ref="OUT"/></root>
                </configuration>
                """);
        Files.writeString(directory.resolve(PROPERTIES), """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%2$d
                listeners=CLIENTS://127.0.0.1:%1$d,CONTROLLER://127.0.0.1:%2$d
                controller.listener.names=CONTROLLER
                inter.broker.listener.name=CLIENTS
                listener.security.protocol.map=CLIENTS:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT
                sasl.enabled.mechanisms=%3$s
                sasl.mechanism.inter.broker.protocol=%3$s
                listener.name.clients.scram-sha-256.sasl.jaas.config=%4$s username="%5$s" password="%6$s";
                log.dirs=data
                log.cleaner.dedupe.buffer.size=2097152
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=1
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                group.initial.rebalance.delay.ms=0
                """.formatted(
                        ports[0], ports[1], MECHANISM, LOGIN_MODULE, ADMINISTRATOR, administratorPassword));
    }

    private static void format(Path directory, String password, String administratorPassword) {
        Result result = child("kafka.tools.StorageTool")
                .arguments("format", "-t", CLUSTER, "-c", PROPERTIES)
                .arguments("--add-scram", scram(USER, password))
                .arguments("--add-scram", scram(ADMINISTRATOR, administratorPassword))
                .run(directory);
        if (result.exitCode() != 0) {
            throw new AssertionError("the folder of the broker cannot be made: " + result.output());
        }
    }

    private static String scram(String user, String password) {
        return MECHANISM + "=[name=" + user + ",password=" + password + "]";
    }

    private static ChildJvm child(String main) {
        return ChildJvm.of("-cp", ChildJvm.testClassPath(), main)
                .quickStart()
                .options("-Xmx200m", "-Dlogback.configurationFile=log.xml");
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** Replaces the password: connections that are open go on. */
    void replace(String password) throws Exception {
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                address(),
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                MECHANISM,
                "sasl.jaas.config",
                LOGIN_MODULE + " username=\"" + ADMINISTRATOR + "\" password=\"" + administratorPassword + "\";");
        try (Admin admin = Admin.create(properties)) {
            admin.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(
                            USER, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, ITERATIONS), password)))
                    .all()
                    .get(Await.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
