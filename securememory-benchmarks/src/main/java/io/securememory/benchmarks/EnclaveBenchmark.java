package io.securememory.benchmarks;

import io.securememory.memguard.Enclave;
import io.securememory.memguard.EnclaveStream;
import io.securememory.memguard.LockedBuffer;
import io.securememory.memguard.MemGuard;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Sealing and opening, and streams of 64 MiB. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EnclaveBenchmark {

    static final int STREAMED_MIB = 64;

    private static final int MIB = 1 << 20;

    /** Sizes of what is sealed. */
    @State(Scope.Benchmark)
    public static class Sizes {
        @Param({"32", "1024", "16384"})
        int size;

        Enclave enclave;

        @Setup(Level.Trial)
        public void seal(EnclaveBenchmark benchmark) {
            enclave = benchmark.guard.sealRandom(size);
        }
    }

    /** A stream of 64 MiB, made before each invocation. */
    @State(Scope.Benchmark)
    public static class Filled {
        EnclaveStream stream;

        @Setup(Level.Invocation)
        public void fill(EnclaveBenchmark benchmark) throws IOException {
            stream = benchmark.guard.newStream();
            benchmark.fill(stream);
        }

        @TearDown(Level.Invocation)
        public void close() {
            stream.close();
        }
    }

    private final byte[] block = new byte[MIB];
    private MemGuard guard;

    @Setup(Level.Trial)
    public void open(Sessions.Session session) {
        guard = session.session.memGuard();
    }

    private void fill(EnclaveStream stream) throws IOException {
        for (int i = 0; i < STREAMED_MIB; i++) {
            stream.outputStream().write(block);
        }
    }

    @Benchmark
    public int seal(Sizes sizes) {
        try (Enclave sealed = guard.seal(new byte[sizes.size])) {
            return sealed.size();
        }
    }

    @Benchmark
    public byte open(Sizes sizes) {
        return sizes.enclave.<Byte, RuntimeException>withBytes(view -> view.get(0));
    }

    @Benchmark
    public int openBuffer(Sizes sizes) {
        try (LockedBuffer opened = sizes.enclave.open()) {
            return opened.size();
        }
    }

    /** Writes 64 MiB and wipes what it wrote, unread. */
    @Benchmark
    public long streamWrite() throws IOException {
        try (EnclaveStream stream = guard.newStream()) {
            fill(stream);
            return stream.size();
        }
    }

    @Benchmark
    public long streamRead(Filled filled) throws IOException {
        long read = 0;
        for (int count = 0; count >= 0; count = filled.stream.inputStream().read(block)) {
            read += count;
        }
        return read;
    }
}
