package io.securememory.jca.engine;

import io.securememory.libcrypto.KeyLibraries;
import io.securememory.memcall.MemCalls;

class LibcryptoPrivateKeyEngineTest extends PrivateKeyEngineContract {

    private static final PrivateKeyEngine ENGINE = open();

    private static PrivateKeyEngine open() {
        try {
            return new LibcryptoPrivateKeyEngine(
                    KeyLibraries.open(MemCalls.system().name(), null));
        } catch (KeyLibraries.Unavailable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public PrivateKeyEngine engine() {
        return ENGINE;
    }
}
