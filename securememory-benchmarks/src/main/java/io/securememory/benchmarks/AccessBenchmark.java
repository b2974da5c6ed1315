package io.securememory.benchmarks;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.Storage;
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

/** One access to a secret of 32 bytes that reads one byte; each thread has a secret of its own. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class AccessBenchmark {

    static final int LENGTH = 32;

    /** The session of all threads. */
    @State(Scope.Benchmark)
    public static class Session {
        SecureMemory session;

        @Setup(Level.Trial)
        public void open() {
            session = SecureMemory.create();
        }

        @TearDown(Level.Trial)
        public void close() {
            session.close();
        }
    }

    /** The secrets of one thread. */
    @State(Scope.Thread)
    public static class Own {
        Secret guarded;
        Secret sealed;

        @Setup(Level.Trial)
        public void create(Session session) {
            guarded = session.session.secrets(Storage.PROTECTED).createRandom(LENGTH);
            sealed = session.session.secrets(Storage.SEALED).createRandom(LENGTH);
        }
    }

    @Benchmark
    public byte protectedAccess(Own own) {
        return own.guarded.<Byte, RuntimeException>withBytes(view -> view.get(0));
    }

    @Benchmark
    public byte sealedAccess(Own own) {
        return own.sealed.<Byte, RuntimeException>withBytes(view -> view.get(0));
    }
}
