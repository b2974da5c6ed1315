package io.securememory.benchmarks;

import io.securememory.jca.CryptoEngine;
import io.securememory.jca.ProtectedKeys;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Signatures of private keys: as an application makes one, or with a {@code Signature} that keeps its key. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SignatureBenchmark {

    private static final int RSA_BITS = 2048;

    /** Kinds of keys. */
    public enum Algorithm {
        P_256("EC", new ECGenParameterSpec("secp256r1"), "SHA256withECDSA"),
        ED25519("Ed25519", null, "Ed25519"),
        RSA_2048("RSA", new RSAKeyGenParameterSpec(RSA_BITS, RSAKeyGenParameterSpec.F4), "SHA256withRSA");

        private final String keys;
        private final @Nullable AlgorithmParameterSpec parameters;
        private final String signatures;

        Algorithm(String keys, @Nullable AlgorithmParameterSpec parameters, String signatures) {
            this.keys = keys;
            this.parameters = parameters;
            this.signatures = signatures;
        }

        PrivateKey protectedKey(Sessions.Session session) throws GeneralSecurityException {
            CryptoEngine engine = CryptoEngine.choose(CryptoEngine.Choice.LIBCRYPTO, null);
            return ProtectedKeys.generate(session.secrets, keys, parameters, engine)
                    .getPrivate();
        }

        PrivateKey heapKey(HeapProvider provider) throws GeneralSecurityException {
            KeyPairGenerator generator = provider.keyPairGenerator(keys);
            if (parameters != null) {
                generator.initialize(parameters);
            }
            return generator.generateKeyPair().getPrivate();
        }
    }

    /** What is signed. */
    @State(Scope.Benchmark)
    public static class Message {
        @Param("256")
        int size;

        byte[] bytes;

        @Setup(Level.Trial)
        public void make() {
            bytes = new byte[size];
        }
    }

    /** A key in protected memory. */
    @State(Scope.Benchmark)
    public static class Own {
        @Param({"P_256", "ED25519", "RSA_2048"})
        Algorithm algorithm;

        PrivateKey key;
        Signature kept;

        @Setup(Level.Trial)
        public void create(Sessions.Session session, OurProvider provider) throws GeneralSecurityException {
            key = algorithm.protectedKey(session);
            kept = fresh();
            provider.requireOwn(kept.getProvider());
        }

        /** Without naming a provider, which the JCA chooses for the key. */
        Signature fresh() throws GeneralSecurityException {
            Signature signature = Signature.getInstance(algorithm.signatures);
            signature.initSign(key);
            return signature;
        }
    }

    /** A key on the heap. */
    @State(Scope.Benchmark)
    public static class Heap {
        @Param({"P_256", "ED25519", "RSA_2048"})
        Algorithm algorithm;

        PrivateKey key;
        Signature kept;

        @Setup(Level.Trial)
        public void create(HeapProvider provider) throws GeneralSecurityException {
            key = algorithm.heapKey(provider);
            kept = fresh(provider);
        }

        Signature fresh(HeapProvider provider) throws GeneralSecurityException {
            Signature signature = provider.signature(algorithm.signatures);
            signature.initSign(key);
            return signature;
        }
    }

    private static byte[] sign(Signature signature, Message message) throws GeneralSecurityException {
        signature.update(message.bytes);
        return signature.sign();
    }

    @Benchmark
    public byte[] sign(Own own, Message message) throws GeneralSecurityException {
        return sign(own.fresh(), message);
    }

    @Benchmark
    public byte[] signKept(Own own, Message message) throws GeneralSecurityException {
        return sign(own.kept, message);
    }

    @Benchmark
    public byte[] signOnHeap(Heap heap, HeapProvider provider, Message message) throws GeneralSecurityException {
        return sign(heap.fresh(provider), message);
    }

    @Benchmark
    public byte[] signKeptOnHeap(Heap heap, Message message) throws GeneralSecurityException {
        return sign(heap.kept, message);
    }
}
