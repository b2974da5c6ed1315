package io.securememory.jca;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.SecureMemory;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Workers;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Provider;
import java.security.Security;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS of the JDK with keys in protected memory on both sides. */
@OnceInShortForm
class TlsTest {

    private final SecureMemory session = SecureMemory.create();
    private final Provider provider = new SecureMemoryProvider(session);
    private final Workers workers = new Workers();
    private final TestCertificates authority = new TestCertificates();

    TlsTest() throws GeneralSecurityException, IOException {}

    @BeforeEach
    void addProvider() {
        assertThat(Security.addProvider(provider)).isPositive();
    }

    @AfterEach
    void end() {
        workers.close();
        Security.removeProvider(provider.getName());
        session.close();
    }

    private void assertServes(KeyManager[] server, KeyManager[] client, String version)
            throws GeneralSecurityException, IOException {
        SSLContext servers = TlsPeers.context(server, authority.root());
        SSLContext clients = TlsPeers.context(client, authority.root());
        try (TlsPeers.Server running = new TlsPeers.Server(workers, servers, version, true)) {
            for (int i = 0; i < 2; i++) {
                assertThat(TlsPeers.get(clients, running.port(), version)).isEqualTo(version + " for CN=localhost\n");
                assertThat(running.nextEnd()).isEmpty();
            }
        }
    }

    private static String version(int minor) {
        return "TLSv1." + minor;
    }

    @ParameterizedTest
    @EnumSource
    void serversAndClientsAuthenticate(TlsKey kind) throws GeneralSecurityException, IOException {
        for (CryptoEngine.Kind engine : CryptoEngine.Kind.values()) {
            KeyPair server = kind.pair(session, engine);
            KeyPair client = kind.pair(session, engine);
            for (int minor : new int[] {3, 2}) {
                assertServes(
                        TlsPeers.manager(server.getPrivate(), authority.chain(server.getPublic())),
                        TlsPeers.manager(client.getPrivate(), authority.chain(client.getPublic())),
                        version(minor));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "RSA, SunX509", "RSA, NewSunX509", "RSASSA_PSS, SunX509", "RSASSA_PSS, NewSunX509", "P_256, SunX509",
        "P_256, NewSunX509", "P_384, SunX509", "P_384, NewSunX509", "ED25519, SunX509", "ED25519, NewSunX509"
    })
    void keyStoresServeTheFactoriesOfTheJdk(TlsKey kind, String factory) throws GeneralSecurityException, IOException {
        KeyPair server = kind.pair(session, CryptoEngine.Kind.LIBCRYPTO);
        KeyPair client = kind.pair(session, CryptoEngine.Kind.LIBCRYPTO);
        for (int minor : new int[] {3, 2}) {
            assertServes(
                    TlsPeers.manager(factory, server.getPrivate(), authority.chain(server.getPublic())),
                    TlsPeers.manager(factory, client.getPrivate(), authority.chain(client.getPublic())),
                    version(minor));
        }
    }
}
