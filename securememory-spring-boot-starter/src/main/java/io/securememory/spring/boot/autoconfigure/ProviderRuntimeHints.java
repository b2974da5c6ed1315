package io.securememory.spring.boot.autoconfigure;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeReference;

/**
 * Tells which classes of the provider a native image keeps. Its services are made without reflection, but the JCA looks the
 * classes of the keys that they take up by name.
 */
final class ProviderRuntimeHints implements RuntimeHintsRegistrar {

    /** Given by name, because the internal types of the module are not visible here. */
    static final List<String> KEYS =
            List.of("io.securememory.jca.spi.ProtectedPrivateKey", "io.securememory.jca.spi.ProtectedSecretKey");

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        KEYS.forEach(key -> hints.reflection().registerType(TypeReference.of(key)));
    }
}
