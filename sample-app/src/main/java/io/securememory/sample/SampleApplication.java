package io.securememory.sample;

import io.securememory.HmacSha256;
import io.securememory.Secret;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * Signs and verifies webhook payloads. The key is declared in {@code application.yml}, loaded from its file straight into
 * protected memory, and injected by name.
 */
@SpringBootApplication(proxyBeanMethods = false)
@EnableConfigurationProperties(SampleProperties.class)
public class SampleApplication {

    /**
     * Starts the service.
     *
     * @param args Spring Boot's command line properties
     */
    public static void main(String[] args) {
        SpringApplication.run(SampleApplication.class, args);
    }

    /** Creates the signer. It reads the key in native memory; no array on the heap ever holds the key. */
    @Bean
    HmacSha256 webhookSigner(@Qualifier("webhook-key") Secret webhookKey) {
        return new HmacSha256(webhookKey);
    }
}
