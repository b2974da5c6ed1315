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
 * Ends the start if there are unknown properties below {@code securememory}. It runs when all bean definitions are known,
 * before anything is bound and any bean is made.
 *
 * <p>Accepts properties of other modules: those below the prefix of a {@code @ConfigurationProperties} bean that is not ours,
 * and those in the configuration metadata of another module.
 */
public final class UnknownPropertyCheck implements BeanFactoryPostProcessor {

    /** Name of the bean. */
    static final String BEAN_NAME = "io.securememory.unknownPropertyCheck";

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";

    private final Environment environment;

    UnknownPropertyCheck(Environment environment) {
        this.environment = environment;
    }

    /**
     * Checks the names that users choose at once, and all other names when the properties of other modules are known.
     *
     * @throws PropertyNameException if a name is unknown or ambiguous
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
     * Checks all remaining names.
     *
     * @throws PropertyNameException if there are unknown ones
     */
    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beans) {
        if (environment instanceof ConfigurableEnvironment configurable) {
            PropertyNames.checkOthers(configurable, property -> isOfOthers(beans, property));
        }
    }

    /**
     * Tells whether a property belongs to another module. Makes no bean, so it may be called while definitions are registered.
     */
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
     * Tells whether the metadata of another module describes a property. It is read only for unknown names, because it is long,
     * and a start that succeeds does not need it. Metadata that describes a property of ours does not count, whichever file it
     * is in.
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
            return Stream.empty(); // Metadata is for editors. A file that cannot be read describes no property here.
        }
    }
}
