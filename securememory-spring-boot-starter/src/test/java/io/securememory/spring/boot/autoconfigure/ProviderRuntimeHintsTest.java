package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.SecureMemory;
import io.securememory.jca.SecureMemoryProvider;
import io.securememory.testing.OnEverySystem;
import java.security.Provider;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.core.io.support.SpringFactoriesLoader;

/** What a native image keeps is compared with what the services of the provider name. */
@OnEverySystem
class ProviderRuntimeHintsTest {

    @Test
    void everyClassThatTheServicesNameIsKept() {
        List<RuntimeHintsRegistrar> registrars = SpringFactoriesLoader.forResourceLocation(
                        "META-INF/spring/aot.factories", getClass().getClassLoader())
                .load(RuntimeHintsRegistrar.class);
        RuntimeHints hints = new RuntimeHints();
        registrars.stream()
                .filter(ProviderRuntimeHints.class::isInstance)
                .forEach(registrar -> registrar.registerHints(hints, getClass().getClassLoader()));

        Set<String> kept = hints.reflection()
                .typeHints()
                .map(hint -> hint.getType().getName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(kept).isNotEmpty().isEqualTo(named());
    }

    private static Set<String> named() {
        try (SecureMemory session = SecureMemory.create()) {
            Provider provider = new SecureMemoryProvider(session);
            return provider.getServices().stream()
                    .map(service -> service.getAttribute("SupportedKeyClasses"))
                    .filter(Objects::nonNull)
                    .flatMap(classes -> Arrays.stream(classes.split("\\|")))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
