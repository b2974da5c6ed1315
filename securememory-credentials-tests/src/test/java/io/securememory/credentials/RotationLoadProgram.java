package io.securememory.credentials;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import io.securememory.test.Finding;
import io.securememory.test.Place;
import io.securememory.test.ResidueReport;
import io.securememory.test.ResidueSearch;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Serves requests that need five secrets, sends them, and measures until it is told to stop. Then it looks for copies of all
 * versions of which another process has kept the files.
 *
 * <p>Arguments: the directory of the secrets, the address of PostgreSQL, the port of Redis.
 */
final class RotationLoadProgram {

    static final List<String> SECRETS = List.of("hmac", "jwt", "tls", "database", "redis");
    static final String SAMPLE = "SAMPLE";

    /** Those of Spring Boot's auto-configurations. */
    private static final List<String> PACKAGES = Stream.of(
                    "autoconfigure",
                    "tomcat",
                    "web.server",
                    "servlet",
                    "webmvc",
                    "http.converter",
                    "jackson",
                    "jdbc",
                    "data.redis")
            .map(name -> "org.springframework.boot." + name)
            .toList();

    /** Time between the end of the load and the search: for the grace, and for what Lettuce was lent. */
    private static final Duration REST = Duration.ofSeconds(12);

    /** A search has room for some hundred secrets; these are the first and the last versions. */
    private static final int VERSIONS = 12;

    private RotationLoadProgram() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        try (ConfigurableApplicationContext context = start(directory, arguments[1], arguments[2]);
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            int port = ((WebServerApplicationContext) context).getWebServer().getPort();
            measure(context, new RotationLoadClient(directory.resolve("ca.pem"), port), in);
            rest(context);
            search(directory.resolve("versions"));
        }
        System.exit(0); // Some clients have threads that go on.
    }

    private static ConfigurableApplicationContext start(Path directory, String database, String redis) {
        List<String> properties = new ArrayList<>(List.of(
                "spring.main.banner-mode=off",
                "server.port=0",
                "server.address=127.0.0.1",
                "server.ssl.bundle=web",
                "securememory.ssl.bundle.web.private-key=tls",
                "securememory.ssl.bundle.web.certificate=file:" + directory.resolve("certificate.pem"),
                "securememory.jwt.secret=jwt",
                "securememory.jwt.algorithm=hs256",
                "securememory.jwt.previous-key-grace=4s",
                "securememory.credentials.datasource=database",
                "securememory.credentials.redis=redis",
                "spring.datasource.url=" + database,
                "spring.datasource.username=" + PostgresServer.USER,
                "spring.datasource.hikari.maximum-pool-size=4",
                "spring.data.redis.host=127.0.0.1",
                "spring.data.redis.port=" + redis,
                "spring.data.redis.username=" + RedisServer.USER,
                OnlyOneClient.PACKAGE + "=" + String.join(",", PACKAGES)));
        for (String secret : SECRETS) {
            String prefix = "securememory.secrets." + secret + ".";
            properties.add(prefix + "location=file:" + directory.resolve(secret));
            properties.add(prefix + "reload-interval=200ms");
            properties.add(prefix + "grace-period=4s");
        }
        return new SpringApplicationBuilder(RotationLoadApplication.class)
                .run(properties.stream().map(property -> "--" + property).toArray(String[]::new));
    }

    private static void measure(ConfigurableApplicationContext context, RotationLoadClient client, BufferedReader in)
            throws IOException {
        long begin = System.nanoTime();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try (Load load = Load.of(client::request)) {
            clock.scheduleAtFixedRate(() -> sample(context, load, begin), 1, 2, TimeUnit.SECONDS);
            System.out.println("READY");
            in.readLine();
            clock.shutdown();
            load.failures().stream().limit(5).forEach(Exception::printStackTrace);
            System.out.println(
                    "REQUESTS " + load.done() + " FAILURES " + load.failures().size());
        }
    }

    private static void sample(ConfigurableApplicationContext context, Load load, long begin) {
        System.gc();
        var status = context.getBean(SecureMemory.class).status();
        SecretStore store = context.getBean(SecretStore.class);
        String versions = SECRETS.stream()
                .map(secret -> Long.toString(store.versions(secret).get(0).number()))
                .collect(Collectors.joining(" "));
        System.out.printf(
                "%s %d %d %d %d %d %d %s%n",
                SAMPLE,
                TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin),
                load.done(),
                load.failures().size(),
                status.liveSecrets(),
                status.lockedBytes() / 1024,
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1024,
                versions);
    }

    private static void rest(ConfigurableApplicationContext context) throws InterruptedException {
        new CountDownLatch(1).await(REST.toMillis(), TimeUnit.MILLISECONDS);
        // The JDK wipes the password in a key of PBKDF2, which PostgreSQL's driver makes, when the key is collected.
        System.gc();
        SecretStore store = context.getBean(SecretStore.class);
        for (String secret : SECRETS) {
            System.out.println(
                    "RETAINED " + secret + " " + store.versions(secret).size());
        }
        System.out.println(
                "LIVE " + context.getBean(SecureMemory.class).status().liveSecrets());
    }

    private static void search(Path versions) throws IOException {
        try (SecureMemory session = SecureMemory.create();
                Stream<Path> files = Files.list(versions)) {
            Map<String, List<Path>> all = files.sorted()
                    .collect(Collectors.groupingBy(
                            file -> file.getFileName().toString().replaceFirst("^\\d+-", ""),
                            TreeMap::new,
                            Collectors.toList()));
            List<Path> chosen = all.values().stream()
                    .flatMap(ofOne -> chosen(ofOne).stream())
                    .toList();
            ResidueReport report = ResidueSearch.of(
                            chosen.stream().map(session.secrets()::read).toArray(Secret[]::new))
                    .named(chosen.stream()
                            .map(file -> file.getFileName().toString())
                            .toArray(String[]::new))
                    .run();
            for (Map.Entry<String, List<Path>> one : all.entrySet()) {
                System.out.println("SEARCHED " + one.getKey() + " versions "
                        + chosen(one.getValue()).size() + " of "
                        + one.getValue().size() + " live "
                        + copies(report, one.getKey(), found -> found.place() == Place.HEAP && found.live()) + " dead "
                        + copies(report, one.getKey(), found -> found.place() == Place.HEAP && !found.live())
                        + " elsewhere " + copies(report, one.getKey(), found -> found.place() != Place.HEAP) + " proof "
                        + report.isProof());
            }
            System.out.println(report);
        }
    }

    private static int copies(ResidueReport report, String secret, Predicate<Finding> kind) {
        return report.findings().stream()
                .filter(found -> found.secret().endsWith("-" + secret))
                .filter(kind)
                .mapToInt(Finding::copies)
                .sum();
    }

    private static List<Path> chosen(List<Path> files) {
        if (files.size() <= 2 * VERSIONS) {
            return files;
        }
        List<Path> chosen = new ArrayList<>(files.subList(0, VERSIONS));
        chosen.addAll(files.subList(files.size() - VERSIONS, files.size()));
        return chosen;
    }
}
