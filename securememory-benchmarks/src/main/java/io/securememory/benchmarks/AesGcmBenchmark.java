package io.securememory.benchmarks;

import io.securememory.jca.AesGcm;
import io.securememory.jca.CryptoEngine;
import io.securememory.jca.ProtectedKeys;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
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

/** Encrypting with AES-256-GCM, each time with another nonce, and with a {@code Cipher} that is new or kept. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AesGcmBenchmark {

    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final int NONCE = 12;
    private static final int TAG_BITS = 128;
    private static final byte[] NO_ASSOCIATED_DATA = {};

    /** What is encrypted. */
    @State(Scope.Thread)
    public static class Plaintext {
        @Param({"256", "65536"})
        int size;

        byte[] bytes;
        private long counter;

        @Setup(Level.Trial)
        public void make() {
            bytes = new byte[size];
        }

        private byte[] encrypt(Cipher cipher, SecretKey key) throws GeneralSecurityException {
            byte[] nonce = ByteBuffer.allocate(NONCE).putLong(++counter).array();
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
            return cipher.doFinal(bytes);
        }
    }

    /** A key in protected memory. */
    @State(Scope.Thread)
    public static class Own {
        SecretKey key;
        Cipher kept;
        AesGcm aesGcm;

        @Setup(Level.Trial)
        public void create(SecretBenchmark.Own own, OurProvider provider) throws GeneralSecurityException {
            CryptoEngine engine = CryptoEngine.choose(CryptoEngine.Choice.LIBCRYPTO, null);
            key = ProtectedKeys.secretKey(own.secret, "AES", engine);
            aesGcm = new AesGcm(own.secret, engine);
            kept = Cipher.getInstance(TRANSFORMATION);
            kept.init(Cipher.ENCRYPT_MODE, key);
            provider.requireOwn(kept.getProvider());
        }
    }

    /** A key on the heap. */
    @State(Scope.Thread)
    public static class Heap {
        final SecretKey key = new SecretKeySpec(new byte[Sessions.LENGTH], "AES");
        Cipher kept;

        @Setup(Level.Trial)
        public void create(HeapProvider provider) throws GeneralSecurityException {
            kept = provider.cipher(TRANSFORMATION);
        }
    }

    @Benchmark
    public byte[] encrypt(Own own, Plaintext text) throws GeneralSecurityException {
        return text.encrypt(Cipher.getInstance(TRANSFORMATION), own.key);
    }

    @Benchmark
    public byte[] encryptKept(Own own, Plaintext text) throws GeneralSecurityException {
        return text.encrypt(own.kept, own.key);
    }

    @Benchmark
    public byte[] encryptMessage(Own own, Plaintext text) {
        return own.aesGcm.encrypt(text.bytes, NO_ASSOCIATED_DATA);
    }

    @Benchmark
    public byte[] encryptOnHeap(Heap heap, HeapProvider provider, Plaintext text) throws GeneralSecurityException {
        return text.encrypt(provider.cipher(TRANSFORMATION), heap.key);
    }

    @Benchmark
    public byte[] encryptKeptOnHeap(Heap heap, Plaintext text) throws GeneralSecurityException {
        return text.encrypt(heap.kept, heap.key);
    }
}
