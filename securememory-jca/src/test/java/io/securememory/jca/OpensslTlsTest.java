package io.securememory.jca;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.SecureMemory;
import io.securememory.testing.Needs;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Program;
import io.securememory.testing.Result;
import io.securememory.testing.RunningChild;
import io.securememory.testing.Workers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.Security;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS between the JDK with keys in protected memory and programs that others have written: openssl and curl. */
@OnceInShortForm
class OpensslTlsTest {

    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};
    private static final String REMEDY = "install the package openssl, version 1.1.1 or later";

    private final SecureMemory session = SecureMemory.create();
    private final Provider provider = new SecureMemoryProvider(session);
    private final Workers workers = new Workers();
    private final TestCertificates authority = new TestCertificates();

    @TempDir
    private Path directory;

    OpensslTlsTest() throws GeneralSecurityException, IOException {}

    @BeforeEach
    void begin() throws GeneralSecurityException, IOException {
        assertThat(Security.addProvider(provider)).isPositive();
        Files.writeString(directory.resolve("root.pem"), TestCertificates.pem(authority.root()));
    }

    @AfterEach
    void end() {
        workers.close();
        Security.removeProvider(provider.getName());
        session.close();
    }

    private TlsPeers.Server server(TlsKey kind, String version, boolean asksClient)
            throws GeneralSecurityException, IOException {
        KeyPair pair = kind.pair(session, CryptoEngine.Kind.LIBCRYPTO);
        KeyManager[] keys = TlsPeers.manager(pair.getPrivate(), authority.chain(pair.getPublic()));
        return new TlsPeers.Server(workers, TlsPeers.context(keys, authority.root()), version, asksClient);
    }

    private static String option(String version) {
        return version.equals("TLSv1.3") ? "-tls1_3" : "-tls1_2";
    }

    /** Writes a key of the JDK with its chain, as openssl and curl take them. */
    private void writeOrdinaryKey() throws GeneralSecurityException, IOException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        Files.writeString(
                directory.resolve("key.pem"),
                TestCertificates.pem("PRIVATE KEY", pair.getPrivate().getEncoded()));
        Files.writeString(directory.resolve("chain.pem"), TestCertificates.pem(authority.chain(pair.getPublic())));
    }

    /** Each scheme that the key can sign with is asked for alone. */
    @ParameterizedTest
    @EnumSource
    void opensslConnects(TlsKey kind) throws GeneralSecurityException, IOException {
        Needs.command(REMEDY, "openssl", "version");
        writeOrdinaryKey();
        for (String version : VERSIONS) {
            for (String scheme : kind.schemes(version)) {
                try (TlsPeers.Server server = server(kind, version, false)) {
                    RunningChild client = connecting(server.port(), version, scheme);
                    try (client) {
                        client.awaitLine("Verification: OK");
                        client.say("GET / HTTP/1.0");
                        client.say("");
                        client.awaitLine(version + " for anybody");
                    }
                    assertThat(server.nextEnd()).as(version + " " + scheme).isEmpty();
                }
            }
        }
    }

    /** Certificates are signed with a scheme of their own, which has to be accepted, too. */
    private static String withThatOfTheAuthority(String scheme) {
        String authority = "ECDSA+SHA256";
        return scheme.equals(authority) ? scheme : scheme + ":" + authority;
    }

    private RunningChild connecting(int port, String version, String scheme) {
        List<String> command = new ArrayList<>(
                List.of("openssl", "s_client", "-connect", "127.0.0.1:" + port, "-servername", "localhost", "-brief"));
        command.addAll(List.of("-CAfile", "root.pem", "-verify_return_error", "-verify_hostname", "localhost"));
        command.addAll(List.of(option(version), "-sigalgs", withThatOfTheAuthority(scheme)));
        return RunningChild.start(command, directory);
    }

    @ParameterizedTest
    @EnumSource
    void curlGetsAPage(TlsKey kind) throws GeneralSecurityException, IOException {
        Needs.command("install the package curl", "curl", "--version");
        writeOrdinaryKey();
        for (String version : VERSIONS) {
            try (TlsPeers.Server server = server(kind, version, true)) {
                List<String> command = new ArrayList<>(List.of("curl", "--silent", "--show-error", "--max-time", "30"));
                command.addAll(List.of("--noproxy", "*", "--cacert", "root.pem"));
                command.addAll(List.of("--cert", "chain.pem", "--key", "key.pem"));
                command.add("https://localhost:" + server.port() + "/");

                Result result = Program.of(command).run(directory);

                assertThat(result.output()).isEqualTo(version + " for CN=localhost\n");
                assertThat(result.exitCode()).isZero();
                assertThat(server.nextEnd()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void opensslAcceptsOurCertificate(TlsKey kind) throws GeneralSecurityException, IOException {
        Needs.command(REMEDY, "openssl", "version");
        writeOrdinaryKey();
        KeyPair pair = kind.pair(session, CryptoEngine.Kind.LIBCRYPTO);
        KeyManager[] keys = TlsPeers.manager(pair.getPrivate(), authority.chain(pair.getPublic()));
        for (String version : VERSIONS) {
            for (String scheme : kind.schemes(version)) {
                try (RunningChild server = serving(version, scheme)) {
                    int port = port(server.awaitLine("ACCEPT"));

                    String page = TlsPeers.get(TlsPeers.context(keys, authority.root()), port, version);

                    assertThat(page).as(scheme).contains("Verify return code: 0 (ok)", version);
                    assertThat(page).containsPattern("Subject: CN ?= ?localhost");
                }
            }
        }
    }

    private RunningChild serving(String version, String scheme) {
        List<String> command = new ArrayList<>(List.of("openssl", "s_server", "-accept", "127.0.0.1:0", "-www"));
        command.addAll(List.of("-cert", "chain.pem", "-cert_chain", "chain.pem", "-key", "key.pem"));
        command.addAll(List.of("-CAfile", "root.pem", "-Verify", "3", "-verify_return_error"));
        command.addAll(List.of(option(version), "-client_sigalgs", withThatOfTheAuthority(scheme)));
        return RunningChild.start(command, directory);
    }

    private static int port(String line) {
        return Optional.of(line.substring(line.lastIndexOf(':') + 1).trim())
                .map(Integer::valueOf)
                .orElseThrow();
    }
}
