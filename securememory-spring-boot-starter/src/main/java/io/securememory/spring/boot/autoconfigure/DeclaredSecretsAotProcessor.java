package io.securememory.spring.boot.autoconfigure;

import io.securememory.spring.boot.secrets.DeclaredSecrets;
import io.securememory.spring.boot.secrets.DeclaredSecretsRegistrar;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.generate.GeneratedMethod;
import org.springframework.aot.generate.GenerationContext;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotContribution;
import org.springframework.beans.factory.aot.BeanFactoryInitializationAotProcessor;
import org.springframework.beans.factory.aot.BeanFactoryInitializationCode;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;

/**
 * Takes the beans of declared secrets out of ahead-of-time processing, so that they are registered when the
 * application starts.
 *
 * <p>The set of secrets depends on the machine: on its properties, and on which optional files exist. The build
 * machine has other properties and files, and should know no secret. There is another reason: code that is generated
 * for a bean definition loses the empty name of its destroy method. The container would then close each secret before
 * the session counts and wipes it.
 */
final class DeclaredSecretsAotProcessor implements BeanFactoryInitializationAotProcessor {

    @Override
    public @Nullable BeanFactoryInitializationAotContribution processAheadOfTime(
            ConfigurableListableBeanFactory beanFactory) {
        return beanFactory.containsBeanDefinition(DeclaredSecrets.BEAN_NAME)
                ? DeclaredSecretsAotProcessor::generate
                : null;
    }

    /** Generates the class in this package, where it can call package-private methods. */
    private static void generate(GenerationContext context, BeanFactoryInitializationCode code) {
        GeneratedMethod method = context.getGeneratedClasses()
                .addForFeatureComponent(
                        "Registration", DeclaredSecretsAotProcessor.class, type -> type.addModifiers(Modifier.PUBLIC))
                .getMethods()
                .add(
                        "registerSecrets",
                        builder -> builder.addModifiers(Modifier.PUBLIC, Modifier.STATIC)
                                .addParameter(DefaultListableBeanFactory.class, "beanFactory")
                                .addParameter(Environment.class, "environment")
                                .addParameter(ResourceLoader.class, "resources")
                                .addStatement(
                                        "$T.register(beanFactory, environment, resources)",
                                        DeclaredSecretsAotProcessor.class));
        code.addInitializer(method.toMethodReference());
    }

    /** Registers the secrets. Called by the generated code. */
    static void register(BeanDefinitionRegistry registry, Environment environment, ResourceLoader resources) {
        new BackgroundWarmUp().begin(environment);
        new DeclaredSecretsRegistrar(environment, resources).register(registry);
    }
}
