package io.securememory.benchmarks;

import com.godaddy.asherah.securememory.Secret;
import com.godaddy.asherah.securememory.SecretFactory;
import com.godaddy.asherah.securememory.protectedmemoryimpl.ProtectedMemorySecretFactory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The same as {@link SecretBenchmark}, with Asherah's secure memory for Java. Its access copies to the heap. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AsherahBenchmark {

    /** What makes secrets. */
    @State(Scope.Benchmark)
    public static class Factory {
        final SecretFactory secrets = new ProtectedMemorySecretFactory();
    }

    /** The secret of one thread. */
    @State(Scope.Thread)
    public static class Own {
        Secret secret;

        @Setup(Level.Trial)
        public void create(Factory factory) {
            secret = factory.secrets.createSecret(new byte[Sessions.LENGTH]);
        }

        @TearDown(Level.Trial)
        public void close() {
            secret.close();
        }
    }

    /** The secret of all threads. */
    @State(Scope.Benchmark)
    public static class Shared {
        Secret secret;

        @Setup(Level.Trial)
        public void create(Factory factory) {
            secret = factory.secrets.createSecret(new byte[Sessions.LENGTH]);
        }

        @TearDown(Level.Trial)
        public void close() {
            secret.close();
        }
    }

    @Benchmark
    public byte accessOwn(Own own) {
        return own.secret.<Byte>withSecretBytes(bytes -> bytes[0]);
    }

    @Benchmark
    public byte accessShared(Shared shared) {
        return shared.secret.<Byte>withSecretBytes(bytes -> bytes[0]);
    }

    @Benchmark
    public Secret createClose(Factory factory, SecretBenchmark.Source source) {
        Secret secret = factory.secrets.createSecret(source.bytes);
        secret.close();
        return secret;
    }

    @Benchmark
    public Secret copy(Own own) {
        Secret copy = own.secret.copySecret();
        copy.close();
        return copy;
    }
}
