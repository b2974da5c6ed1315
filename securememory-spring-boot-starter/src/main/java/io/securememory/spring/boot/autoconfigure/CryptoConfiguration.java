package io.securememory.spring.boot.autoconfigure;

import io.securememory.SecureMemory;
import io.securememory.jca.CryptoEngine;
import io.securememory.spring.boot.properties.SecureMemorySettings;
import io.securememory.spring.boot.secrets.DeclaredSecretsRegistrar;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Beans by which the JCA takes keys in protected memory. */
@Configuration(proxyBeanMethods = false)
class CryptoConfiguration {

    @Bean(name = DeclaredSecretsRegistrar.PROVIDER, destroyMethod = "close")
    ProviderRegistration providerRegistration(SecureMemory secureMemory) {
        return new ProviderRegistration(secureMemory);
    }

    /** Chooses at once what the settings name, so that the start fails without it. */
    @Bean("io.securememory.chosenEngine")
    ChosenEngine chosenEngine(ObjectProvider<CryptoEngine> engines, SecureMemorySettings settings) {
        ChosenEngine engine = new ChosenEngine(engines::getObject);
        if (settings.expectsEngine()) {
            engine.get();
        }
        return engine;
    }
}
