package io.securememory.spring.boot.properties;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Makes the bean of type {@link SecureMemorySettings}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SecureMemoryProperties.class)
public final class SettingsConfiguration {

    /** For the container. */
    SettingsConfiguration() {}

    /**
     * Binds the settings before there are beans.
     *
     * @throws org.springframework.boot.context.properties.bind.BindException if a value has the wrong type or is out of its
     *     range
     */
    public static SecureMemorySettings bind(Environment environment) {
        return Binder.get(environment).bindOrCreate(SecureMemorySettings.PREFIX, SecureMemoryProperties.class);
    }
}
