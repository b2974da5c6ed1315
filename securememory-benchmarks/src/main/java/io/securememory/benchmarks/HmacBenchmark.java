package io.securememory.benchmarks;

import io.securememory.HmacSha256;
import io.securememory.jca.CryptoEngine;
import io.securememory.jca.ProtectedKeys;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Signatures of one message, each with the key set anew. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HmacBenchmark {

    private static final String ALGORITHM = "HmacSHA256";

    /** What is signed. */
    @State(Scope.Benchmark)
    public static class Message {
        @Param({"64", "256", "4096"})
        int size;

        byte[] bytes;

        @Setup(Level.Trial)
        public void make() {
            bytes = new byte[size];
        }
    }

    /** A key in protected memory for a {@code Mac} of the JCA. */
    @State(Scope.Thread)
    public static class OwnKey {
        SecretKey key;

        @Setup(Level.Trial)
        public void create(SecretBenchmark.Own own, OurProvider provider) throws GeneralSecurityException {
            CryptoEngine engine = CryptoEngine.choose(CryptoEngine.Choice.LIBCRYPTO, null);
            key = ProtectedKeys.secretKey(own.secret, ALGORITHM, engine);
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            provider.requireOwn(mac.getProvider());
        }
    }

    /** A key on the heap. */
    @State(Scope.Benchmark)
    public static class HeapKey {
        final SecretKeySpec key = new SecretKeySpec(new byte[Sessions.LENGTH], ALGORITHM);
    }

    @Benchmark
    public byte[] sign(SecretBenchmark.Own own, Message message) {
        return new HmacSha256(own.secret).sign(message.bytes);
    }

    @Benchmark
    public byte[] signWithMac(OwnKey key, Message message) throws GeneralSecurityException {
        return sign(Mac.getInstance(ALGORITHM), key.key, message);
    }

    @Benchmark
    public byte[] signOnHeap(HeapKey key, HeapProvider provider, Message message) throws GeneralSecurityException {
        return sign(provider.mac(ALGORITHM), key.key, message);
    }

    private static byte[] sign(Mac mac, SecretKey key, Message message) throws GeneralSecurityException {
        mac.init(key);
        return mac.doFinal(message.bytes);
    }
}
