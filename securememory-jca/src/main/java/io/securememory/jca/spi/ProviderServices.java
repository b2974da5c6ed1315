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

    private static final Map<String, String> FOR_PRIVATE_KEYS =
            Map.of("SupportedKeyClasses", ProtectedPrivateKey.class.getName());

    private static final Map<String, String> FOR_SECRET_KEYS =
            Map.of("SupportedKeyClasses", ProtectedSecretKey.class.getName());

    private ProviderServices() {}

    /**
     * Returns the services.
     *
     * @param provider the provider that offers them
     * @return all of them
     */
    public static List<Provider.Service> of(Provider provider) {
        List<Provider.Service> services = new ArrayList<>();
        signatures(provider, services);
        ciphers(provider, services);
        agreements(provider, services);
        services.add(new Made(
                provider,
                "KeyStore",
                "SecureMemory",
                ProtectedKeyStore.class,
                List.of(),
                Map.of(),
                ProtectedKeyStore::new));
        for (SecretKeyServices.Row row : SecretKeyServices.all()) {
            services.add(new Made(
                    provider,
                    row.type(),
                    row.algorithm(),
                    row.implementation(),
                    row.aliases(),
                    row.takesKeys() ? FOR_SECRET_KEYS : Map.of(),
                    row.maker()));
        }
        return services;
    }

    private static void signatures(Provider provider, List<Provider.Service> services) {
        for (SignatureAlgorithm algorithm : SignatureAlgorithm.all()) {
            services.add(new Made(
                    provider,
                    "Signature",
                    algorithm.name(),
                    ProtectedSignature.class,
                    algorithm.aliases(),
                    FOR_PRIVATE_KEYS,
                    () -> new ProtectedSignature(algorithm)));
        }
    }

    private static void ciphers(Provider provider, List<Provider.Service> services) {
        for (RsaCipherPadding padding : RsaCipherPadding.values()) {
            services.add(new Made(
                    provider,
                    "Cipher",
                    "RSA/ECB/" + padding.paddingName(),
                    ProtectedRsaCipher.class,
                    List.of(),
                    FOR_PRIVATE_KEYS,
                    () -> new ProtectedRsaCipher(padding)));
        }
    }

    private static void agreements(Provider provider, List<Provider.Service> services) {
        for (String algorithm : List.of("ECDH", "XDH", "X25519", "X448")) {
            services.add(new Made(
                    provider,
                    "KeyAgreement",
                    algorithm,
                    ProtectedKeyAgreement.class,
                    List.of(),
                    FOR_PRIVATE_KEYS,
                    () -> new ProtectedKeyAgreement(algorithm)));
        }
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
