package io.securememory.spring.boot.properties;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Ends the start if there are properties below {@code securememory} that nobody knows, before anything is bound and any bean
 * is made, when all bean definitions are there.
 *
 * <p>Leaves alone what belongs to somebody else: below the prefix of a bean of {@code @ConfigurationProperties} that is
 * none of ours, or in the configuration metadata of another module.
 */
public final class UnknownPropertyCheck implements BeanFactoryPostProcessor {

    /** Of the bean. */
    static final String BEAN_NAME = "io.securememory.unknownPropertyCheck";

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    private final Environment environment;

    UnknownPropertyCheck(Environment environment) {
        this.environment = environment;
    }

    /**
     * Checks the names of secrets at once, and all others when it is known what else there is.
     *
     * @throws PropertyNameException if a name means nothing, or more than one thing
     */
    public static void begin(Environment environment, BeanDefinitionRegistry registry) {
        if (environment instanceof ConfigurableEnvironment configurable) {
            PropertyNames.checkDeclared(
                    configurable,
                    property ->
                            registry instanceof ConfigurableListableBeanFactory beans && isOfOthers(beans, property));
        }
        registry.registerBeanDefinition(
                BEAN_NAME,
                new RootBeanDefinition(UnknownPropertyCheck.class, () -> new UnknownPropertyCheck(environment)));
    }

    /**
     * Checks all names.
     *
     * @throws PropertyNameException if there are unknown ones
     */
    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        if (environment instanceof ConfigurableEnvironment configurable) {
            PropertyNames.checkOthers(configurable, property -> isOfOthers(beans, property));
        }
    }

    /** Tells whether a property belongs to somebody else. Makes no bean, so that it may be asked while definitions are registered. */
    private static boolean isOfOthers(ConfigurableListableBeanFactory beans, WrittenProperty property) {
        return isOfOtherBean(beans, property) || isInOtherMetadata(beans, property);
    }

    private static boolean isOfOtherBean(ConfigurableListableBeanFactory beans, WrittenProperty property) {
        return Stream.of(beans.getBeanDefinitionNames())
                .filter(bean -> !beans.getBeanDefinition(bean).isAbstract())
                .filter(bean -> !isOurs(beans.getType(bean, false)))
                .map(bean -> beans.findAnnotationOnBean(bean, ConfigurationProperties.class, false))
                .map(annotation -> annotation == null ? "" : annotation.value())
                .filter(prefix -> !prefix.isEmpty())
                .anyMatch(property::isAtOrBelow);
    }

    private static boolean isOurs(@Nullable Class<?> type) {
        return type != null && KnownProperty.RECORDS.contains(ClassUtils.getUserClass(type));
    }

    /**
     * Read only where a name is not known: it is much, and nobody needs it in a start that succeeds. What describes a property
     * of ours is no other metadata, in whichever file it is.
     */
    private static boolean isInOtherMetadata(ConfigurableListableBeanFactory beans, WrittenProperty property) {
        ClassLoader loader = beans.getBeanClassLoader();
        try {
            List<URL> files = loader == null ? List.of() : Collections.list(loader.getResources(METADATA));
            return files.stream()
                    .flatMap(UnknownPropertyCheck::names)
                    .filter(name -> NearestName.letters(name).startsWith(SecureMemorySettings.PREFIX))
                    .map(name -> ConfigurationPropertyName.adapt(name, '.'))
                    .filter(name -> KnownProperty.ALL.stream().noneMatch(known -> known.isDescribedBy(name)))
                    .anyMatch(name -> property.isAtOrBelow(name.toString()));
        } catch (IOException e) {
            return false;
        }
    }

    private static Stream<String> names(URL file) {
        try (InputStream in = file.openStream()) {
            return MetadataNames.in(new String(in.readAllBytes(), StandardCharsets.UTF_8)).stream();
        } catch (IOException e) {
            return Stream.empty(); // Metadata is for editors: what cannot be read explains nothing here.
        }
    }
}
