package io.securememory.spring.boot.sources;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretSource;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.test.ResidueReport;
import io.securememory.test.ResidueSearch;
import java.io.FileInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Loads a secret from each kind of source, several times, and two of them also as others do it. Then it looks for copies.
 *
 * <p>Arguments: a directory with {@code token}, {@code trusted}, {@code written} and {@code bean}; URLs of the secrets over
 * HTTP, over TLS, and of those that others read in the same ways.
 */
final class SourceResidueProgram {

    private static final int READS = 20;

    private SourceResidueProgram() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        String secrets = "securememory.secrets.";
        Starter.runner()
                .withPropertyValues(
                        secrets + "plain.http.url=" + arguments[1],
                        secrets + "plain.http.field=data.data.password",
                        secrets + "plain.http.token-secret=token",
                        secrets + "tls.http.url=" + arguments[2],
                        secrets + "tls.http.field=data.data.password",
                        secrets + "tls.http.token-secret=token",
                        secrets + "tls.http.bundle=vault",
                        "spring.ssl.bundle.pem.vault.truststore.certificate=file:" + directory.resolve("trusted"),
                        secrets + "variable.environment=RESIDUE_SECRET",
                        secrets + "command.command=cat," + directory.resolve("written"),
                        secrets + "bean.source=reader",
                        Starter.location("token", directory.resolve("token")))
                .withBean("reader", SecretSource.class, () -> factory -> factory.read(directory.resolve("bean")))
                .run(context -> {
                    SecretStore store = context.getBean(SecretStore.class);
                    for (int i = 0; i < READS; i++) {
                        for (String name : List.of("plain", "tls", "variable", "command", "bean")) {
                            store.reload(name);
                        }
                        others(directory, arguments[3], arguments[4]);
                    }
                    search(context.getBean(SecureMemory.class), store, directory);
                });
    }

    private static void others(Path directory, String plain, String secure) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = new FileInputStream(directory.resolve("trusted").toFile())) {
            trusted.setCertificateEntry(
                    "vault", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        HttpClient client = HttpClient.newBuilder().sslContext(context).build();
        for (String url : List.of(plain, secure)) {
            byte[] body = client.send(
                            HttpRequest.newBuilder(URI.create(url))
                                    .header("X-Vault-Token", Vault.TOKEN)
                                    .build(),
                            BodyHandlers.ofByteArray())
                    .body();
            java.util.Arrays.fill(body, (byte) 0);
        }
    }

    private static void search(SecureMemory session, SecretStore store, Path directory) throws Exception {
        SortedMap<String, Secret> all = new TreeMap<>();
        for (String name : store.names()) {
            all.put(name, store.get(name));
        }
        for (String name : List.of("otherPlain", "otherTls")) {
            all.put(name, session.secrets().read(directory.resolve(name)));
            Files.delete(directory.resolve(name));
        }
        try (ResidueSearch search = ResidueSearch.of(all.values().toArray(Secret[]::new))) {
            ResidueReport report =
                    search.named(all.keySet().toArray(String[]::new)).run();
            System.out.println(report);
            report.findings()
                    .forEach(finding -> System.out.println("FINDING\t" + finding.secret() + "\t" + finding.place()
                            + "\t" + finding.live() + "\t" + finding.copies() + "\t" + finding.holder()));
            System.out.println("PROOF " + report.isProof());
        }
    }
}
