package io.securememory.benchmarks;

import io.securememory.Secret;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

/** Secrets of this library. An access reads one byte. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SecretBenchmark {

    /** The secret of one thread. */
    @State(Scope.Thread)
    public static class Own {
        Secret secret;

        @Setup(Level.Trial)
        public void create(Sessions.Session session) {
            secret = session.secrets.createRandom(Sessions.LENGTH);
        }
    }

    /** The secret of all threads. */
    @State(Scope.Benchmark)
    public static class Shared {
        Secret secret;

        @Setup(Level.Trial)
        public void create(Sessions.Session session) {
            secret = session.secrets.createRandom(Sessions.LENGTH);
        }
    }

    /** Where a secret comes from. Creating wipes it, and the next one is made of the zeros. */
    @State(Scope.Thread)
    public static class Source {
        final byte[] bytes = new byte[Sessions.LENGTH];
    }

    /** Where a secret is written to: a file that takes everything at once. */
    @State(Scope.Thread)
    public static class Sink {
        FileChannel channel;

        @Setup(Level.Trial)
        public void open() throws IOException {
            channel = FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE);
        }

        @TearDown(Level.Trial)
        public void close() throws IOException {
            channel.close();
        }
    }

    @Benchmark
    public byte accessOwn(Own own) {
        return own.secret.<Byte, RuntimeException>withBytes(view -> view.get(0));
    }

    @Benchmark
    public byte accessShared(Shared shared) {
        return shared.secret.<Byte, RuntimeException>withBytes(view -> view.get(0));
    }

    @Benchmark
    public int writeTo(Own own, Sink sink) throws IOException {
        return own.secret.withBytes(view -> view.writeTo(sink.channel));
    }

    @Benchmark
    public byte asByteBuffer(Own own) {
        return own.secret.<Byte, RuntimeException>withBytes(
                view -> view.asByteBuffer().get());
    }

    @Benchmark
    public int createClose(Sessions.Session session, Source source) {
        try (Secret secret = session.secrets.create(source.bytes)) {
            return secret.length();
        }
    }

    @Benchmark
    public int copy(Own own) {
        try (Secret copy = own.secret.copy()) {
            return copy.length();
        }
    }
}
