package io.securememory.jca.engine;

import io.securememory.libcrypto.KeyLibraries;
import io.securememory.memcall.MemCalls;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** All engines that this Java has: libcrypto through each door, and BouncyCastle. */
public final class SecretKeyEngines {

    private static final List<Named<SecretKeyEngine>> ALL = all();

    private SecretKeyEngines() {}

    private static List<Named<SecretKeyEngine>> all() {
        List<Named<SecretKeyEngine>> engines = new ArrayList<>();
        if (MemCalls.system().name().equals("ffm")) { // Not before Java 22, nor without the overlay.
            engines.add(libcrypto("ffm"));
        }
        engines.add(libcrypto("jna"));
        engines.add(Named.of("BouncyCastle", new BouncyCastleSecretKeyEngine()));
        return List.copyOf(engines);
    }

    private static Named<SecretKeyEngine> libcrypto(String access) {
        try {
            return Named.of(access, new LibcryptoSecretKeyEngine(KeyLibraries.open(access, null)));
        } catch (KeyLibraries.Unavailable e) {
            throw new IllegalStateException("these tests need libcrypto of OpenSSL 3", e);
        }
    }

    /** Returns them with their names. */
    public static Stream<Named<SecretKeyEngine>> named() {
        return ALL.stream();
    }
}
