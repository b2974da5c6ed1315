package io.securememory.jca.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.libcrypto.KeyFunction;
import io.securememory.libcrypto.KeyLibrary;
import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A name that the library reads is there until it has read it, and is in the memory of its object. */
class FetchedTest {

    /** Tells during a call which buffers the garbage collector has taken away whose addresses the library has. */
    private static final class Collecting implements KeyLibrary {

        private static final int HANDLE = 1;
        private static final int ROUNDS = 5;

        private final List<WeakReference<ByteBuffer>> given = new ArrayList<>();
        private boolean freed;

        @Override
        public String version() {
            return "a stub";
        }

        @Override
        @SuppressWarnings("checkstyle:ParameterNumber")
        public long call(
                KeyFunction function, long first, long second, long third, long fourth, long fifth, long sixth) {
            for (int i = 0; i < ROUNDS; i++) {
                System.gc();
            }
            for (WeakReference<ByteBuffer> buffer : given) {
                freed |= buffer.get() == null;
            }
            return HANDLE;
        }

        @Override
        public long addressOf(ByteBuffer buffer) {
            given.add(new WeakReference<>(buffer));
            return given.size();
        }
    }

    @Test
    void theNameIsNotFreedWhileTheLibraryReadsIt() {
        Collecting library = new Collecting();
        Fetched fetched = new Fetched(library, KeyFunction.EVP_CIPHER_fetch, "AES-256-GCM");

        assertThat(fetched.handle()).isEqualTo(Collecting.HANDLE);

        assertThat(library.given).isNotEmpty();
        assertThat(library.freed).isFalse();
    }
}
