package io.securememory.credentials;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.credentials.SecretRedisCredentialsProvider;
import io.securememory.test.Finding;
import io.securememory.test.ResidueReport;
import io.securememory.test.ResidueSearch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Hands secrets over, and then looks for copies of them.
 *
 * <p>Arguments: the directory with the secrets; for each hand-over its name, a sign of equality, and the address of its server.
 */
final class LeftProgram {

    static final String FINDING = "FINDING";
    static final String PROOF = "PROOF";
    static final String SEPARATOR = "\t";

    private static final List<Object> KEPT = new ArrayList<>();

    private LeftProgram() {}

    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        try (SecureMemory session = SecureMemory.create()) {
            Map<String, Secret> secrets = new TreeMap<>();
            for (String argument : List.of(arguments).subList(1, arguments.length)) {
                String[] nameAndAddress = argument.split("=", 2);
                Left left = Left.valueOf(nameAndAddress[0]);
                KEPT.add(left.use(directory, nameAndAddress[1]));
                secrets.put(left.name(), session.secrets().read(left.secret(directory)));
            }
            // "At rest" is when what was lent for a time was taken back, and after one garbage collection: keys of
            // PBKDF2, by which SCRAM authenticates, wipe their characters when the JDK collects them.
            System.gc();
            new CountDownLatch(1).await(SecretRedisCredentialsProvider.LENT.toMillis() + 1_000, TimeUnit.MILLISECONDS);
            ResidueSearch search = ResidueSearch.of(secrets.values().toArray(Secret[]::new));
            print(search.named(secrets.keySet().toArray(String[]::new)).run());
        }
        System.exit(0); // Some clients have threads that go on.
    }

    private static void print(ResidueReport report) {
        System.out.println(report);
        for (Finding finding : report.findings()) {
            System.out.println(String.join(
                    SEPARATOR,
                    FINDING,
                    finding.secret(),
                    finding.place().name(),
                    finding.encoding().name(),
                    Boolean.toString(finding.live()),
                    Integer.toString(finding.copies()),
                    finding.holder()));
        }
        System.out.println(String.join(SEPARATOR, PROOF, Boolean.toString(report.isProof())));
    }
}
