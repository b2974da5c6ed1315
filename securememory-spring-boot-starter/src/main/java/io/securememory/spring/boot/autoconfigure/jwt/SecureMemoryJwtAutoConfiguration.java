package io.securememory.spring.boot.autoconfigure.jwt;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import io.securememory.SecureMemory;
import io.securememory.jca.CryptoEngine;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.jwt.ProtectedJwt;
import io.securememory.spring.boot.properties.SecureMemoryJwtProperties;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;

/**
 * Auto-configuration of the encoder and decoder of JSON Web Tokens whose key is a declared secret, and of a source of its
 * public keys.
 *
 * <p>It comes before those of Spring Boot, which make no decoder then, and no keys.
 */
@AutoConfiguration(
        after = SecureMemoryAutoConfiguration.class,
        beforeName = {
            "org.springframework.boot.security.oauth2.server.resource.autoconfigure.OAuth2ResourceServerAutoConfiguration",
            "org.springframework.boot.security.oauth2.server.authorization.autoconfigure.servlet"
                    + ".OAuth2AuthorizationServerJwtAutoConfiguration"
        })
@ConditionalOnClass({JwtEncoder.class, JWKSource.class})
@ConditionalOnBean(
        value = {SecureMemory.class, SecretStore.class},
        search = SearchStrategy.CURRENT)
@EnableConfigurationProperties(SecureMemoryJwtProperties.class)
public final class SecureMemoryJwtAutoConfiguration {

    /** For the container. */
    SecureMemoryJwtAutoConfiguration() {}

    @Bean
    @ConditionalOnProperty(SecureMemoryJwtProperties.SECRET)
    @ConditionalOnMissingBean(value = ProtectedJwt.class, search = SearchStrategy.CURRENT)
    ProtectedJwt protectedJwt(
            SecureMemoryJwtProperties properties,
            SecretStore secrets,
            SecureMemory secureMemory,
            ObjectProvider<CryptoEngine> engines) {
        return DeclaredJwtKey.load(properties, secrets, secureMemory, () -> engines.getIfAvailable(CryptoEngine::auto));
    }

    @Bean
    @ConditionalOnSingleCandidate(ProtectedJwt.class)
    @ConditionalOnMissingBean(value = JwtEncoder.class, search = SearchStrategy.CURRENT)
    JwtEncoder protectedJwtEncoder(ProtectedJwt protectedJwt) {
        return protectedJwt.encoder();
    }

    @Bean
    @ConditionalOnSingleCandidate(ProtectedJwt.class)
    @ConditionalOnMissingBean(value = JwtDecoder.class, search = SearchStrategy.CURRENT)
    JwtDecoder protectedJwtDecoder(ProtectedJwt protectedJwt) {
        return protectedJwt.decoder();
    }

    @Bean
    @ConditionalOnSingleCandidate(ProtectedJwt.class)
    @ConditionalOnMissingBean(value = JWKSource.class, search = SearchStrategy.CURRENT)
    JWKSource<SecurityContext> protectedJwkSource(ProtectedJwt protectedJwt) {
        return protectedJwt.jwkSource();
    }
}
