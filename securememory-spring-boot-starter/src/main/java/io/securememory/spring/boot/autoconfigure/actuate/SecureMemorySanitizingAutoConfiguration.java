package io.securememory.spring.boot.autoconfigure.actuate;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ResourceLoader;

/**
 * Auto-configuration of the masking of {@code securememory.secrets} in the actuator endpoints {@code env} and
 * {@code configprops}.
 *
 * <p>It also applies with {@code securememory.enabled=false}, because nothing then refuses a secret that is written into a
 * property.
 */
@AutoConfiguration
@ConditionalOnClass(SanitizingFunction.class)
public final class SecureMemorySanitizingAutoConfiguration {

    /** For the container. */
    SecureMemorySanitizingAutoConfiguration() {}

    @Bean
    @ConditionalOnMissingBean(name = "secureMemorySanitizingFunction", search = SearchStrategy.CURRENT)
    SanitizingFunction secureMemorySanitizingFunction(ResourceLoader resources) {
        return new SecretPropertySanitizer(resources);
    }
}
