package io.securememory.jca.spi;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The services of the provider. Those that compute are offered for keys in protected memory only, so that other keys
 * never come here.
 */
public final class ProviderServices {

    private static final String SUPPORTED_KEY_CLASSES = "SupportedKeyClasses";

    private ProviderServices() {}

    /**
     * Returns the services.
     *
     * @param provider the provider that offers them
     * @return all of them
     */
    public static List<Provider.Service> of(Provider provider) {
        List<Provider.Service> services = new ArrayList<>();
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.all()) {
            services.add(new Made(
                    provider,
                    "Signature",
                    algorithm.name(),
                    ProtectedSignature.class,
                    algorithm.aliases(),
                    Map.of(SUPPORTED_KEY_CLASSES, ProtectedPrivateKey.class.getName()),
                    () -> new ProtectedSignature(algorithm)));
        }
        services.add(new Made(
                provider,
                "KeyStore",
                "SecureMemory",
                ProtectedKeyStore.class,
                List.of(),
                Map.of(),
                ProtectedKeyStore::new));
        return services;
    }

    /** A service that makes its objects without reflection. */
    private static final class Made extends Provider.Service {

        private final Supplier<Object> maker;

        @SuppressWarnings("checkstyle:ParameterNumber")
        Made(
                Provider provider,
                String type,
                String algorithm,
                Class<?> implementation,
                List<String> aliases,
                Map<String, String> attributes,
                Supplier<Object> maker) {
            super(provider, type, algorithm, implementation.getName(), aliases, attributes);
            this.maker = maker;
        }

        @Override
        public Object newInstance(@Nullable Object parameter) throws NoSuchAlgorithmException {
            if (parameter != null) {
                throw new NoSuchAlgorithmException(getType() + " " + getAlgorithm() + " takes no parameter.");
            }
            return maker.get();
        }
    }
}
