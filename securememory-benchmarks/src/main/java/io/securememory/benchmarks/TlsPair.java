package io.securememory.benchmarks;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** A server and a client of JSSE that shake hands in one thread and in memory. For one thread. */
final class TlsPair {

    private static final String[] VERSION = {"TLSv1.3"};

    /** More calls than a handshake takes: one that goes on for longer goes nowhere. */
    private static final int MOST_TURNS = 100;

    /** An engine wants room for a whole record whenever it writes, however short the one that it writes. */
    private static final int MOST_RECORDS = 8;

    private final SSLContext servers;
    private final SSLContext clients;
    private final OneKey key;
    private final ByteBuffer toClient;
    private final ByteBuffer toServer;
    private final ByteBuffer data;
    private final ByteBuffer nothing = ByteBuffer.allocate(0);

    /** Nanoseconds in calls of the server. */
    private long serverTime;

    TlsPair(KeyPair keys) throws GeneralSecurityException, IOException {
        X509Certificate certificate = SelfSigned.certificate(keys);
        key = new OneKey(keys.getPrivate(), certificate);
        servers = SSLContext.getInstance("TLS");
        servers.init(new KeyManager[] {key}, null, null);
        clients = SSLContext.getInstance("TLS");
        clients.init(null, trust(certificate), null);
        SSLSession any = servers.createSSLEngine().getSession();
        toClient = ByteBuffer.allocate(MOST_RECORDS * any.getPacketBufferSize());
        toServer = ByteBuffer.allocate(MOST_RECORDS * any.getPacketBufferSize());
        data = ByteBuffer.allocate(any.getApplicationBufferSize());
    }

    private static TrustManager[] trust(X509Certificate certificate) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null);
        trusted.setCertificateEntry("server", certificate);
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(trusted);
        return factory.getTrustManagers();
    }

    /**
     * Does a full handshake: the client names no server, so it has no session to resume.
     *
     * @return nanoseconds of it that the server took
     * @throws IllegalStateException if it ended without a use of the key, or did not end
     */
    long handshake() throws IOException {
        SSLEngine server = engine(servers, false);
        SSLEngine client = engine(clients, true);
        toClient.clear();
        toServer.clear();
        int before = key.uses;
        serverTime = 0;
        client.beginHandshake();
        server.beginHandshake();
        for (int turn = 0; isShaking(client) || isShaking(server); turn++) {
            if (turn == MOST_TURNS) {
                throw new IllegalStateException("client " + client.getHandshakeStatus() + ", server "
                        + server.getHandshakeStatus() + ": the handshake does not end");
            }
            step(client, toClient, toServer);
            long from = System.nanoTime();
            step(server, toServer, toClient);
            serverTime += System.nanoTime() - from;
        }
        if (key.uses == before) {
            throw new IllegalStateException("the handshake took no key, so it was not a full one");
        }
        return serverTime;
    }

    private static SSLEngine engine(SSLContext context, boolean isClient) {
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(isClient);
        engine.setEnabledProtocols(VERSION);
        return engine;
    }

    private static boolean isShaking(SSLEngine engine) {
        return engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING;
    }

    /** Goes on with one side until it waits for the other. */
    private void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks(engine);
                case NEED_WRAP -> requireOk(engine.wrap(nothing, out));
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (!unwrapped(engine, in)) {
                        return;
                    }
                }
                default -> {
                    return;
                }
            }
        }
    }

    private static void runTasks(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /** Takes one record, if there is one. */
    private boolean unwrapped(SSLEngine engine, ByteBuffer in) throws IOException {
        in.flip();
        SSLEngineResult result = engine.unwrap(in, data);
        in.compact();
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
            return false;
        }
        requireOk(result);
        return true;
    }

    private static void requireOk(SSLEngineResult result) {
        if (result.getStatus() != SSLEngineResult.Status.OK) {
            throw new IllegalStateException("the handshake failed: " + result);
        }
    }

    /** Gives out one key with its certificate, and counts how often. */
    private static final class OneKey extends X509ExtendedKeyManager {

        private static final String ALIAS = "key";

        private final PrivateKey key;
        private final X509Certificate certificate;
        private int uses;

        OneKey(PrivateKey key, X509Certificate certificate) {
            this.key = key;
            this.certificate = certificate;
        }

        private @Nullable String alias(String... keyTypes) {
            return Arrays.asList(keyTypes).contains(key.getAlgorithm()) ? ALIAS : null;
        }

        @Override
        public @Nullable String chooseEngineServerAlias(String keyType, Principal[] issuers, SSLEngine engine) {
            return alias(keyType);
        }

        @Override
        public @Nullable String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return alias(keyType);
        }

        @Override
        public @Nullable String chooseClientAlias(String[] keyTypes, Principal[] issuers, Socket socket) {
            return null;
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {ALIAS};
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return new String[0];
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {certificate};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            uses++;
            return key;
        }
    }
}
