package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.SecureMemory;
import io.securememory.jca.CryptoEngine;
import io.securememory.jca.ProtectedKeys;
import io.securememory.jca.SecureMemoryProvider;
import io.securememory.spring.boot.testsupport.Starter;
import java.security.KeyPair;
import java.security.Provider;
import java.security.Security;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;

/**
 * When the provider is in the list of the JVM. A program of its own: in the JVM of the tests, other contexts may be open, which
 * share the provider. Each method is a check, in which an assertion may fail.
 */
final class ProviderRegistrationProgram {

    private final SecureMemory session = SecureMemory.create();

    public static void main(String[] arguments) {
        ProviderRegistrationProgram checks = new ProviderRegistrationProgram();
        checks.theProviderIsAtTheEndOfTheListWhileAContextIsOpen();
        checks.contextsShareItAndTheLastOneRemovesIt();
        checks.itIsAddedAgainIfSomeoneHasRemovedIt();
        checks.aProviderOfTheApplicationIsUsedAndLeftThere();
        checks.besideTheProviderOfAnotherClassLoaderAnotherNameIsUsed();
        checks.session.close();
        System.out.println("all checks passed");
    }

    private static List<String> names() {
        return Arrays.stream(Security.getProviders())
                .map(Provider::getName)
                .filter(name -> name.startsWith(SecureMemoryProvider.NAME))
                .toList();
    }

    private void theProviderIsAtTheEndOfTheListWhileAContextIsOpen() {
        assertThat(names()).isEmpty();
        Starter.runner().run(context -> {
            Provider[] all = Security.getProviders();
            assertThat(all[all.length - 1])
                    .isSameAs(context.getBean(ProviderRegistration.class).provider());
            KeyPair pair = ProtectedKeys.generate(
                    context.getBean(SecureMemory.class).secrets(), "EC", null, context.getBean(CryptoEngine.class));
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(pair.getPrivate());
            signature.update((byte) 1);
            assertThat(signature.sign()).isNotEmpty();
        });
        assertThat(names()).isEmpty();
    }

    private void contextsShareItAndTheLastOneRemovesIt() {
        ProviderRegistration first = new ProviderRegistration(session);
        ProviderRegistration second = new ProviderRegistration(session);
        assertThat(second.provider()).isSameAs(first.provider());
        first.close();
        first.close();
        assertThat(names()).containsExactly(SecureMemoryProvider.NAME);
        second.close();
        assertThat(names()).isEmpty();
    }

    private void itIsAddedAgainIfSomeoneHasRemovedIt() {
        try (ProviderRegistration first = new ProviderRegistration(session)) {
            Security.removeProvider(first.provider().getName());
            try (ProviderRegistration second = new ProviderRegistration(session)) {
                assertThat(names()).containsExactly(second.provider().getName());
            }
            assertThat(names()).hasSize(1);
        }
        assertThat(names()).isEmpty();
    }

    private void aProviderOfTheApplicationIsUsedAndLeftThere() {
        Provider own = new SecureMemoryProvider(session);
        Security.addProvider(own);
        try {
            try (ProviderRegistration registration = new ProviderRegistration(session)) {
                assertThat(registration.provider()).isSameAs(own);
            }
            assertThat(names()).hasSize(1);
        } finally {
            Security.removeProvider(own.getName());
        }
    }

    /** That one takes no keys of this class loader. */
    private void besideTheProviderOfAnotherClassLoaderAnotherNameIsUsed() {
        Provider others = new OtherProvider();
        Security.addProvider(others);
        try {
            try (ProviderRegistration registration = new ProviderRegistration(session)) {
                assertThat(registration.provider().getName()).isEqualTo("SecureMemory-2");
                assertThat(names()).containsExactly("SecureMemory", "SecureMemory-2");
            }
            assertThat(names()).containsExactly("SecureMemory");
        } finally {
            Security.removeProvider(others.getName());
        }
    }

    private static final class OtherProvider extends Provider {

        private static final long serialVersionUID = 1L;

        OtherProvider() {
            super(SecureMemoryProvider.NAME, "1.0", "as one of another class loader");
        }
    }
}
