package io.securememory.jca;

import io.securememory.testing.Await;
import io.securememory.testing.Workers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** Servers and clients of JSSE, whose waits all end. A server says who the client is, to HTTP and to nobody else. */
final class TlsPeers {

    private static final int LIMIT_MILLIS = (int) Await.LIMIT.toMillis();

    private TlsPeers() {}

    static SSLContext context(KeyManager[] keys, X509Certificate root) throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null);
        trusted.setCertificateEntry("root", root);
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trust.getTrustManagers(), new SecureRandom());
        return context;
    }

    static KeyManager[] manager(PrivateKey key, X509Certificate[] chain) {
        return manager(key, chain, () -> {});
    }

    static KeyManager[] manager(PrivateKey key, X509Certificate[] chain, Runnable givenOut) {
        return new KeyManager[] {new OneKeyManager(key, chain, givenOut)};
    }

    /** Returns what a factory of the JDK makes of a key store of the provider. */
    static KeyManager[] manager(String factory, PrivateKey key, X509Certificate[] chain)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("SecureMemory");
        store.load(null);
        store.setKeyEntry("key", key, null, chain);
        KeyManagerFactory keys = KeyManagerFactory.getInstance(factory);
        keys.init(store, new char[0]);
        return keys.getKeyManagers();
    }

    /** A server. Closing it ends its thread, too, when the workers are closed. */
    static final class Server implements AutoCloseable {

        private final SSLServerSocket socket;
        private final BlockingQueue<Optional<IOException>> ends = new LinkedBlockingQueue<>();

        Server(Workers workers, SSLContext context, String version, boolean asksClient) throws IOException {
            socket = (SSLServerSocket)
                    context.getServerSocketFactory().createServerSocket(0, 20, InetAddress.getLoopbackAddress());
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {version});
            parameters.setNeedClientAuth(asksClient);
            socket.setSSLParameters(parameters);
            workers.run(this::serve);
        }

        int port() {
            return socket.getLocalPort();
        }

        private void serve() {
            while (!socket.isClosed()) {
                try (SSLSocket client = (SSLSocket) socket.accept()) {
                    client.setSoTimeout(LIMIT_MILLIS);
                    ends.add(answer(client));
                } catch (IOException e) {
                    if (!socket.isClosed()) {
                        ends.add(Optional.of(e));
                    }
                }
            }
        }

        private static Optional<IOException> answer(SSLSocket client) {
            try {
                client.startHandshake();
                BufferedReader request =
                        new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
                String line;
                do {
                    line = request.readLine();
                } while (line != null && !line.isEmpty());
                OutputStream response = client.getOutputStream();
                String body = client.getSession().getProtocol() + " for " + name(client) + "\n";
                String head = "HTTP/1.0 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n";
                response.write((head + body).getBytes(StandardCharsets.US_ASCII));
                response.flush();
                return Optional.empty();
            } catch (IOException e) {
                return Optional.of(e);
            }
        }

        private static String name(SSLSocket client) throws IOException {
            return client.getNeedClientAuth()
                    ? client.getSession().getPeerPrincipal().getName()
                    : "anybody";
        }

        /** Returns how the next connection ended: with an exception, or well. */
        Optional<IOException> nextEnd() {
            return Await.next("the end of a connection", ends);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    /** Connects, checks the name of the server, and returns the body of its answer. */
    static String get(SSLContext context, int port, String version) throws IOException {
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port)) {
            socket.setSoTimeout(LIMIT_MILLIS);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {version});
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            socket.setSSLParameters(parameters);
            socket.startHandshake();
            socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            return answer.substring(answer.indexOf("\r\n\r\n") + 4);
        }
    }
}
