package io.securememory.spring.boot.secrets;

import static io.securememory.spring.boot.testsupport.Starter.MARKER;
import static io.securememory.spring.boot.testsupport.Starter.location;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.securememory.Secret;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.testsupport.Starter;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** An application whose beans are made when they are first used still learns at start that a secret is missing. */
@Tag("boot")
@Tag("boot-smoke")
class LazyInitializationTest {

    @TempDir
    Path directory;

    @Test
    void aSecretIsLoadedAtStartAlsoWhenBeansAreLazy() {
        try (ConfigurableApplicationContext context = start(location("key", write(directory, "key", MARKER)))) {
            AtomicInteger made = context.getBean(AtomicInteger.class);
            assertThat(made).as("other beans that were made at start").hasValue(0);
            assertThat(context.getBean(SecureMemory.class).status().liveSecrets())
                    .isEqualTo(1);
            assertThat(Starter.text(context.getBean("key", Secret.class))).isEqualTo(MARKER);
            context.getBean("other");
            assertThat(made).hasValue(1);
        }
    }

    @Test
    void aMissingSecretFailsTheStartAlsoWhenBeansAreLazy() {
        assertThatException()
                .isThrownBy(() ->
                        start(location("key", directory.resolve("nothing"))).close())
                .havingRootCause()
                .withMessageContaining("nothing");
    }

    private static ConfigurableApplicationContext start(String property) {
        return new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run("--" + property, "--spring.main.lazy-initialization=true");
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(SecureMemoryAutoConfiguration.class)
    static class Application {

        @Bean
        AtomicInteger made() {
            return new AtomicInteger();
        }

        @Bean
        Object other(AtomicInteger made) {
            made.incrementAndGet();
            return new Object();
        }
    }
}
