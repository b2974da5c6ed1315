package io.securememory.test.spring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;
import org.springframework.util.ClassUtils;

/**
 * Declares the secrets of a test class in its context. Equal declarations make equal customizers, and so one context.
 *
 * <p>Has the annotations and not their values: of a value there is no more than the text that the annotation holds.
 */
final class TestSecretCustomizer implements ContextCustomizer {

    private static final String SOURCE = "Test secrets";
    private static final String STARTER = "io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration";

    private final Map<String, TestSecret> declared;

    /** @param declared the secrets by name */
    TestSecretCustomizer(Map<String, TestSecret> declared) {
        this.declared = Map.copyOf(declared);
    }

    @Override
    public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
        if (!ClassUtils.isPresent(STARTER, context.getClassLoader())) {
            throw new IllegalStateException(
                    "@TestSecret declares a secret for securememory-spring-boot-starter, which is"
                            + " not on the class path; add it, or make the secret with a SecretFactory");
        }
        List<SecretFile> files = new ArrayList<>();
        context.addApplicationListener(new Deletion(context, files));
        declared.values().forEach(secret -> files.add(written(secret)));
        Map<String, Object> properties = new HashMap<>();
        files.forEach(file -> properties.putAll(file.properties()));
        context.getEnvironment().getPropertySources().addFirst(new MapPropertySource(SOURCE, properties));
        new AnnotatedBeanDefinitionReader((BeanDefinitionRegistry) context).register(StarterForTests.class);
    }

    private static SecretFile written(TestSecret secret) {
        return secret.value().isEmpty()
                ? SecretFile.random(secret.name(), secret.length())
                : SecretFile.of(secret.name(), secret.value());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof TestSecretCustomizer that && declared.equals(that.declared);
    }

    @Override
    public int hashCode() {
        return declared.hashCode();
    }

    /** The test framework logs it, so it has no value. */
    @Override
    public String toString() {
        return "secrets " + declared.keySet();
    }

    /** Deletes the files when the context is closed; a context that does not start leaves that to the end of the JVM. */
    private record Deletion(ConfigurableApplicationContext context, List<SecretFile> files)
            implements ApplicationListener<ContextClosedEvent> {

        @Override
        public void onApplicationEvent(ContextClosedEvent event) {
            if (event.getApplicationContext() == context) {
                files.forEach(SecretFile::delete);
            }
        }
    }
}
