package io.securememory.spring.boot.sources;

import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * TLS by the JDK's engine.
 *
 * <p>What it decrypts is on the heap for a moment, whatever memory it gets: for memory outside of the heap, its ciphers copy
 * through arrays of their own, which nothing wipes. In an array, they decrypt in place. So it gets an array, which is wiped
 * after each record, and its output goes on through memory outside of the heap. If the garbage collector moves the array in
 * that moment, a copy is left that nothing wipes.
 */
final class TlsWire implements Wire {

    private final Connection connection;
    private final SSLEngine engine;
    /** Between accesses: what has come and is not decrypted, from 0 to the position. */
    private final ByteBuffer incoming;

    private final ByteBuffer plain;
    private final ByteBuffer outgoing;

    private TlsWire(Connection connection, SSLEngine engine) {
        this.connection = connection;
        this.engine = engine;
        this.incoming = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        this.outgoing = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        this.plain = ByteBuffer.allocateDirect(engine.getSession().getApplicationBufferSize());
    }

    /**
     * Shakes hands, and checks that the certificate is that of the host.
     *
     * @param engine a new one, which knows the host
     * @throws IOException if that fails; the connection is still open
     */
    static TlsWire open(Connection connection, SSLEngine engine) throws IOException {
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        TlsWire wire = new TlsWire(connection, engine);
        try {
            engine.beginHandshake();
            wire.shakeHands();
            return wire;
        } catch (IOException | RuntimeException | Error e) {
            wire.wipe();
            throw e;
        }
    }

    private void shakeHands() throws IOException {
        while (true) {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> runTasks();
                case NEED_WRAP -> wrap(ByteBuffer.allocate(0));
                case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                    if (unwrap() == Status.CLOSED) {
                        throw new SSLException("the server ended the handshake");
                    }
                }
                case FINISHED, NOT_HANDSHAKING -> {
                    return;
                }
            }
        }
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    private void wrap(ByteBuffer source) throws IOException {
        outgoing.clear();
        try {
            SSLEngineResult result = engine.wrap(source, outgoing);
            if (result.getStatus() != Status.OK) {
                throw new SSLException("the engine does not encrypt: " + result.getStatus());
            }
            outgoing.flip();
            Wire.write(connection, outgoing);
        } finally {
            MemGuard.wipe(outgoing.array());
        }
    }

    /** Decrypts one record into {@link #plain}, and waits for it if necessary. */
    private Status unwrap() throws IOException {
        while (true) {
            connection.requireTime();
            incoming.flip();
            SSLEngineResult result;
            try {
                result = engine.unwrap(incoming, plain);
            } finally {
                keepRest();
            }
            switch (result.getStatus()) {
                case BUFFER_UNDERFLOW -> {
                    if (!fill()) {
                        engine.closeInbound(); // Throws, unless the server has said that this is the end.
                        return Status.CLOSED;
                    }
                }
                case BUFFER_OVERFLOW -> throw new SSLException("a record is longer than it may be");
                case OK, CLOSED -> {
                    return result.getStatus();
                }
            }
        }
    }

    /** Moves what is not decrypted to the beginning, and overwrites what is behind it: it was decrypted in place. */
    private void keepRest() {
        incoming.compact();
        int rest = incoming.position();
        byte[] array = incoming.array();
        for (int i = rest; i < array.length; i++) {
            array[i] = 0;
        }
    }

    private boolean fill() throws IOException {
        if (!incoming.hasRemaining()) {
            throw new SSLException("a record is longer than it may be");
        }
        int count = connection.channel().read(incoming);
        while (count == 0) {
            connection.awaitReadable();
            count = connection.channel().read(incoming);
        }
        return count > 0;
    }

    @Override
    public void send(LockedBuffer request) throws IOException {
        request.<Integer, IOException>withBytes(view -> {
            ByteBuffer source = view.asByteBuffer();
            while (source.hasRemaining()) {
                wrap(source);
            }
            return view.length();
        });
    }

    @Override
    public boolean receive(GrowingBuffer answer) throws IOException {
        while (true) {
            try {
                Status status = unwrap();
                if (plain.position() > 0) {
                    answer.append(plain, plain.position());
                    return true;
                }
                if (status == Status.CLOSED) {
                    return false;
                }
            } finally {
                MemGuard.wipe(plain.clear());
            }
            if (engine.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
                shakeHands(); // The server may renew keys at any time.
            }
        }
    }

    private void wipe() {
        MemGuard.wipe(incoming.array());
        MemGuard.wipe(outgoing.array());
        MemGuard.wipe(plain.clear());
    }

    /** The answer is complete by then, so the server need not be told. */
    @Override
    public void close() throws IOException {
        wipe();
        connection.close();
    }
}
