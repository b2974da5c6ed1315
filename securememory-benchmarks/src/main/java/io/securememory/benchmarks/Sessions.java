package io.securememory.benchmarks;

import io.securememory.SecretFactory;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryOptions;
import io.securememory.Storage;
import io.securememory.WhenLimitReached;
import io.securememory.memcall.NativeAccess;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Sessions of this library, each with one storage and one way to call native code. */
public final class Sessions {

    /** Bytes of a secret. */
    static final int LENGTH = 32;

    private Sessions() {}

    /** A session with default options, except that what cannot be protected fails: sealing it would be another case. */
    static SecureMemory open(Storage storage, NativeAccess nativeAccess) {
        return SecureMemory.create(SecureMemoryOptions.builder()
                .storage(storage)
                .nativeAccess(nativeAccess)
                .whenLimitReached(WhenLimitReached.FAIL)
                .build());
    }

    /** The session of all threads of a benchmark. */
    @State(Scope.Benchmark)
    public static class Session {

        @Param({"PROTECTED", "SEALED"})
        public Storage storage;

        @Param({"FFM"})
        public NativeAccess nativeAccess;

        SecureMemory session;
        SecretFactory secrets;

        @Setup(Level.Trial)
        public void open() {
            session = Sessions.open(storage, nativeAccess);
            secrets = session.secrets();
        }

        @TearDown(Level.Trial)
        public void close() {
            session.close();
        }
    }
}
