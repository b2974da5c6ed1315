package io.securememory.benchmarks;

import io.securememory.jca.CryptoEngine;
import io.securememory.jca.ProtectedKeys;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Full handshakes of TLS 1.3 with a certificate of P-256, both sides in one thread. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HandshakeBenchmark {

    private static final ECGenParameterSpec CURVE = new ECGenParameterSpec("secp256r1");

    /** A server whose key is in protected memory. */
    @State(Scope.Thread)
    public static class Own {
        TlsPair peers;

        @Setup(Level.Trial)
        public void create(Sessions.Session session, OurProvider provider)
                throws GeneralSecurityException, IOException {
            CryptoEngine engine = CryptoEngine.choose(CryptoEngine.Choice.LIBCRYPTO, null);
            peers = new TlsPair(ProtectedKeys.generate(session.secrets, "EC", CURVE, engine));
        }
    }

    /** A server whose key is on the heap, where the JDK signs. */
    @State(Scope.Thread)
    public static class Heap {
        TlsPair peers;

        @Setup(Level.Trial)
        public void create() throws GeneralSecurityException, IOException {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(CURVE);
            KeyPair keys = generator.generateKeyPair();
            peers = new TlsPair(keys);
        }
    }

    /** How much of an iteration the server took. JMH sets them to zero before it. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Server {
        public long serverNanos;
        public long handshakes;

        private void count(long nanoseconds) {
            serverNanos += nanoseconds;
            handshakes++;
        }
    }

    @Benchmark
    public void handshake(Own own, Server server) throws IOException {
        server.count(own.peers.handshake());
    }

    @Benchmark
    public void handshakeOnHeap(Heap heap, Server server) throws IOException {
        server.count(heap.peers.handshake());
    }
}
