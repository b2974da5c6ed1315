package io.securememory.benchmarks;

import com.goterl.lazysodium.SodiumJava;
import com.goterl.lazysodium.utils.LibraryLoader;
import com.sun.jna.Pointer;
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

/** The same as {@link SecretBenchmark}, by hand with libsodium's guarded memory and cipher through lazysodium. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LazysodiumBenchmark {

    private static final int KEY = 32;
    private static final int NONCE = 12;
    private static final int TAG = 16;

    /** The library that lazysodium brings, and a key on the heap, as its interface takes it. */
    @State(Scope.Benchmark)
    public static class Library {
        final SodiumJava sodium = new SodiumJava(LibraryLoader.Mode.BUNDLED_ONLY);
        final byte[] key = new byte[KEY];

        Pointer create(byte[] source) {
            Pointer pointer = sodium.sodium_malloc(source.length);
            pointer.write(0, source, 0, source.length);
            require(sodium.sodium_mprotect_noaccess(pointer) == 0);
            return pointer;
        }
    }

    /** The memory of one thread. */
    @State(Scope.Thread)
    public static class Own {
        Pointer pointer;

        @Setup(Level.Trial)
        public void create(Library library) {
            pointer = library.create(new byte[Sessions.LENGTH]);
        }

        @TearDown(Level.Trial)
        public void close(Library library) {
            library.sodium.sodium_free(pointer);
        }
    }

    /** A plaintext and its ciphertext. */
    @State(Scope.Thread)
    public static class Box {
        @Param({"32", "1024", "16384"})
        int size;

        final byte[] nonce = new byte[NONCE];
        byte[] plain;
        byte[] sealed;

        @Setup(Level.Trial)
        public void seal(Library library) {
            plain = new byte[size];
            sealed = new byte[size + TAG];
            LazysodiumBenchmark.seal(library, this);
        }
    }

    private static void require(boolean success) {
        if (!success) {
            throw new IllegalStateException("libsodium failed");
        }
    }

    private static int seal(Library library, Box box) {
        return library.sodium.crypto_aead_chacha20poly1305_ietf_encrypt(
                box.sealed, null, box.plain, box.size, null, 0, null, box.nonce, library.key);
    }

    @Benchmark
    public byte accessOwn(Library library, Own own) {
        require(library.sodium.sodium_mprotect_readonly(own.pointer) == 0);
        byte result = own.pointer.getByte(0);
        require(library.sodium.sodium_mprotect_noaccess(own.pointer) == 0);
        return result;
    }

    @Benchmark
    public void createClose(Library library, SecretBenchmark.Source source) {
        library.sodium.sodium_free(library.create(source.bytes));
    }

    @Benchmark
    public void copy(Library library, Own own) {
        Pointer target = library.sodium.sodium_malloc(Sessions.LENGTH);
        require(library.sodium.sodium_mprotect_readonly(own.pointer) == 0);
        target.write(0, own.pointer.getByteArray(0, Sessions.LENGTH), 0, Sessions.LENGTH);
        require(library.sodium.sodium_mprotect_noaccess(own.pointer) == 0);
        require(library.sodium.sodium_mprotect_noaccess(target) == 0);
        library.sodium.sodium_free(target);
    }

    @Benchmark
    public int seal(Box box, Library library) {
        box.nonce[0]++;
        return seal(library, box);
    }

    @Benchmark
    public byte open(Box box, Library library) {
        require(library.sodium.crypto_aead_chacha20poly1305_ietf_decrypt(
                        box.plain, null, null, box.sealed, box.sealed.length, null, 0, box.nonce, library.key)
                == 0);
        return box.plain[0];
    }
}
