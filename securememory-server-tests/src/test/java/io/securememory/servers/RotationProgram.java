package io.securememory.servers;

import com.sun.management.HotSpotDiagnosticMXBean;
import io.securememory.servers.Clients.Answer;
import io.securememory.testing.Await;
import io.securememory.testing.Workers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A server and its clients, each with a key and a certificate, in one process. Another process replaces their files.
 *
 * <p>Arguments: the server; {@code protected} or {@code jdk}; the directory of the files; how many handshakes. Then it reads
 * what to do, a line each.
 */
final class RotationProgram {

    private static final int THREADS = 3;

    private RotationProgram() {}

    public static void main(String[] arguments) throws Exception {
        Server server = Server.valueOf(arguments[0]);
        Path directory = Path.of(arguments[2]);
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(server.application())
                .web(server.type())
                .run(properties(server, arguments[1], directory))) {
            int port = context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
            Clients clients = new Clients(context.getBean(SslBundles.class).getBundle("client"), port);
            System.out.println("STATE READY");
            int made = load(clients, Integer.parseInt(arguments[3]));
            System.out.println("STATE LOADED " + made);
            expectEach(clients, orders.readLine(), orders.readLine());
            System.out.println("STATE FOLLOWED");
            orders.readLine();
            dump(directory.resolve("heap.hprof"));
            System.out.println("STATE DUMPED");
            orders.readLine();
        }
        System.out.println("STATE CLOSED");
        orders.readLine();
    }

    private static String[] properties(Server server, String keys, Path directory) {
        List<String> all = new ArrayList<>(List.of(
                "--spring.main.banner-mode=off",
                "--spring.autoconfigure.exclude=" + server.exclusions(),
                "--server.port=0",
                "--server.ssl.bundle=server",
                "--server.ssl.client-auth=need"));
        for (String side : List.of("server", "client")) {
            Path key = directory.resolve(side + ".key");
            Path certificate = directory.resolve(side + ".crt");
            Path trust = directory.resolve("trust.crt");
            if (keys.equals("protected")) {
                all.add("--securememory.secrets." + side + "-key.location=file:" + key);
                all.add("--securememory.secrets." + side + "-key.reload-interval=100ms");
                all.add("--securememory.ssl.bundle." + side + ".private-key=" + side + "-key");
                all.add("--securememory.ssl.bundle." + side + ".certificate=file:" + certificate);
                all.add("--securememory.ssl.bundle." + side + ".trust-certificate=file:" + trust);
            } else {
                all.add("--spring.ssl.bundle.pem." + side + ".keystore.private-key=file:" + key);
                all.add("--spring.ssl.bundle.pem." + side + ".keystore.certificate=file:" + certificate);
                all.add("--spring.ssl.bundle.pem." + side + ".truststore.certificate=file:" + trust);
            }
        }
        return all.toArray(String[]::new);
    }

    private static int load(Clients clients, int handshakes) throws Exception {
        List<Map.Entry<String, Clients.Call>> calls =
                List.copyOf(clients.calls().entrySet());
        AtomicInteger next = new AtomicInteger();
        AtomicInteger made = new AtomicInteger();
        try (Workers workers = new Workers()) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                all.add(workers.submit(() -> {
                    for (int turn = next.getAndIncrement(); turn < handshakes; turn = next.getAndIncrement()) {
                        call(calls.get(turn % calls.size()), turn);
                        made.incrementAndGet();
                    }
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
        return made.get();
    }

    private static void call(Map.Entry<String, Clients.Call> call, int turn) throws Exception {
        try {
            call.getValue().now();
        } catch (Exception e) {
            throw new IOException("request " + turn + " of " + call.getKey() + " has failed", e);
        }
    }

    /** Waits until each client, which was made before, shows the last certificate, and the server does. */
    private static void expectEach(Clients clients, String client, String server) {
        clients.calls()
                .forEach((name, call) -> Await.until(name + " and the last certificates", () -> {
                    Answer answer = call.now();
                    return answer.client().equals(client)
                            && (answer.server().isEmpty() || answer.server().equals(server));
                }));
    }

    private static void dump(Path file) throws IOException {
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file.toString(), false);
    }
}
