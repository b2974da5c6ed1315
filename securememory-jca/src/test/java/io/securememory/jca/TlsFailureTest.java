package io.securememory.jca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.SecretClosedException;
import io.securememory.SecureMemory;
import io.securememory.testing.Await;
import io.securememory.testing.OnceInShortForm;
import io.securememory.testing.Seed;
import io.securememory.testing.Workers;
import java.io.IOException;
import java.net.SocketException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.security.auth.DestroyFailedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What both sides of a handshake get when the key ends inside it, or is not that of the certificate. */
@OnceInShortForm
class TlsFailureTest {

    private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};

    private final SecureMemory session = SecureMemory.create();
    private final Provider provider = new SecureMemoryProvider(session);
    private final Workers workers = new Workers();
    private final TestCertificates authority = new TestCertificates();

    TlsFailureTest() throws GeneralSecurityException, IOException {}

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

    /** How a key ends. */
    private enum Ending {
        DESTROYED {
            @Override
            void end(SecureMemory session, KeyPair pair) {
                try {
                    pair.getPrivate().destroy();
                } catch (DestroyFailedException e) {
                    throw new IllegalStateException(e);
                }
            }
        },
        PURGED {
            @Override
            void end(SecureMemory session, KeyPair pair) {
                session.purge(Duration.ZERO);
            }
        },
        SESSION_CLOSED {
            @Override
            void end(SecureMemory session, KeyPair pair) {
                session.close();
            }
        };

        abstract void end(SecureMemory session, KeyPair pair);
    }

    private void assertEndsInside(KeyManager[] keys, Ending ending, String version)
            throws GeneralSecurityException, IOException {
        SSLContext clients = TlsPeers.context(new KeyManager[0], authority.root());
        try (TlsPeers.Server server =
                new TlsPeers.Server(workers, TlsPeers.context(keys, authority.root()), version, false)) {
            assertThatExceptionOfType(SSLException.class)
                    .as(ending + " " + version)
                    .isThrownBy(() -> TlsPeers.get(clients, server.port(), version));

            assertThat(server.nextEnd().orElseThrow())
                    .as(ending + " " + version)
                    .isInstanceOf(SSLException.class)
                    .hasCauseInstanceOf(SignatureException.class)
                    .hasRootCauseInstanceOf(SecretClosedException.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKeyThatEndsInsideAHandshakeEndsIt(TlsKey kind) throws GeneralSecurityException, IOException {
        for (CryptoEngine.Kind engine : CryptoEngine.Kind.values()) {
            for (Ending ending : Ending.values()) {
                for (String version : VERSIONS) {
                    try (SecureMemory other = SecureMemory.create()) {
                        KeyPair pair = kind.pair(other, engine);
                        KeyManager[] keys = TlsPeers.manager(
                                pair.getPrivate(), authority.chain(pair.getPublic()), () -> ending.end(other, pair));
                        assertEndsInside(keys, ending, version);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKeyOfAnotherCertificateIsRefusedByTheOtherSide(TlsKey kind) throws GeneralSecurityException, IOException {
        if (kind == TlsKey.RSA || kind == TlsKey.RSASSA_PSS) {
            return; // There is one key of RSA for each length.
        }
        KeyPair pair = kind.pair(session, CryptoEngine.Kind.LIBCRYPTO);
        KeyPair other = kind.pair(session, CryptoEngine.Kind.LIBCRYPTO);
        KeyManager[] keys = TlsPeers.manager(pair.getPrivate(), authority.chain(other.getPublic()));
        SSLContext clients = TlsPeers.context(new KeyManager[0], authority.root());
        for (String version : VERSIONS) {
            try (TlsPeers.Server server =
                    new TlsPeers.Server(workers, TlsPeers.context(keys, authority.root()), version, false)) {
                assertThatExceptionOfType(SSLException.class)
                        .isThrownBy(() -> TlsPeers.get(clients, server.port(), version));
                assertThat(server.nextEnd()).containsInstanceOf(SSLException.class);
            }
        }
    }

    /** A purge comes at any moment of a handshake: it is completed, or both sides get an exception of their own. */
    @Test
    void purgesAtAnyMomentEndAHandshakeOrDoNot() throws GeneralSecurityException, IOException {
        Random random = Seed.random("purgesAtAnyMomentEndAHandshakeOrDoNot");
        int completed = 0;
        int ended = 0;
        SSLContext clients = TlsPeers.context(new KeyManager[0], authority.root());
        for (int i = 0; i < 60; i++) {
            TlsKey kind = TlsKey.values()[random.nextInt(TlsKey.values().length)];
            String version = VERSIONS[random.nextInt(VERSIONS.length)];
            KeyPair pair = kind.pair(session, CryptoEngine.Kind.LIBCRYPTO);
            KeyManager[] keys = TlsPeers.manager(pair.getPrivate(), authority.chain(pair.getPublic()));
            long delay = random.nextInt((int) TimeUnit.MILLISECONDS.toNanos(20));
            try (TlsPeers.Server server =
                    new TlsPeers.Server(workers, TlsPeers.context(keys, authority.root()), version, false)) {
                Future<?> purge = workers.run(() -> {
                    LockSupport.parkNanos(delay);
                    session.purge(Duration.ZERO);
                });
                try {
                    assertThat(TlsPeers.get(clients, server.port(), version)).startsWith(version);
                    completed++;
                } catch (SSLException | SocketException e) {
                    ended++;
                }
                server.nextEnd().ifPresent(end -> assertThat(end).isInstanceOf(IOException.class));
                Await.until("the purge", purge::isDone);
            }
        }
        System.out.println("handshakes: " + completed + " completed, " + ended + " ended by a purge");
        assertThat(completed + ended).isEqualTo(60);
    }

    /** Not before it signs: otherwise JSSE would say that there is no such algorithm. */
    @Test
    void aDestroyedKeySaysSoWhenItSigns() throws GeneralSecurityException, DestroyFailedException {
        KeyPair pair = TlsKey.P_256.pair(session, CryptoEngine.Kind.LIBCRYPTO);
        pair.getPrivate().destroy();
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(pair.getPrivate());

        assertThatExceptionOfType(SignatureException.class)
                .isThrownBy(signature::sign)
                .withCauseInstanceOf(SecretClosedException.class);
    }
}
