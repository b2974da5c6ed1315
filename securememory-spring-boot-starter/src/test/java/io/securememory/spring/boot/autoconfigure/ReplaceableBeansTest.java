package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.secrets.DeclaredSecrets;
import io.securememory.spring.boot.testsupport.Starter;
import io.securememory.spring.boot.watch.SecretWatch;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.SearchStrategy;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.MergedAnnotations;

/** A bean of the application's own stands in for any of ours. */
@Tag("boot")
class ReplaceableBeansTest {

    /** What the beans of declared secrets are made of. An application replaces {@code SecretStore}, or declares none. */
    private static final List<Class<?>> INSIDE =
            List.of(DeclaredSecrets.class, SecretWatch.class, LazyInitializationExcludeFilter.class);

    private static Stream<Method> beans() throws ClassNotFoundException {
        return SecureMemoryAutoConfigurationTest.autoConfigurations().stream()
                .flatMap(type -> Stream.concat(Stream.of(type), Arrays.stream(type.getDeclaredClasses())))
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(Bean.class))
                .filter(method -> !INSIDE.contains(method.getReturnType()));
    }

    /** Everything that our beans want to be there is there. */
    private static ApplicationContextRunner runner() throws ClassNotFoundException {
        return new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        SecureMemoryAutoConfigurationTest.autoConfigurations().toArray(Class<?>[]::new)))
                .withBean(SimpleMeterRegistry.class)
                .withPropertyValues(
                        "securememory.secrets.key.location=classpath:declared-secret.txt",
                        "securememory.secrets.jwt-key.generate=32",
                        "securememory.jwt.secret=jwt-key",
                        "securememory.jwt.algorithm=HS256",
                        "securememory.signals.enabled=true",
                        "securememory.signals.names=USR1",
                        "management.info.securememory.enabled=true",
                        "management.endpoint.securememorypurge.access=UNRESTRICTED",
                        "management.endpoint.securememoryresidue.access=UNRESTRICTED",
                        "management.endpoint.heapdump.access=UNRESTRICTED",
                        "management.endpoints.web.exposure.include=*");
    }

    @Test
    void withoutAnyOfItsOwnTheApplicationHasAllOfOurs() throws ClassNotFoundException {
        List<String> ours = beans().map(Method::getName).toList();
        assertThat(ours).hasSizeGreaterThan(12);
        runner().run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(factoryMethods(context.getBeanFactory())).containsAll(ours);
        });
    }

    @TestFactory
    Stream<DynamicTest> aBeanOfTheApplicationStandsInForOurs() throws ClassNotFoundException {
        return beans().map(method -> DynamicTest.dynamicTest(method.getName(), () -> replace(method)));
    }

    private static void replace(Method method) throws ClassNotFoundException {
        var condition = MergedAnnotations.from(method).get(ConditionalOnMissingBean.class);
        assertThat(condition.isPresent()).as("@ConditionalOnMissingBean").isTrue();
        assertThat(condition.getEnum("search", SearchStrategy.class))
                .as("a bean of a parent context is another one's")
                .isEqualTo(SearchStrategy.CURRENT);
        String[] names = condition.getStringArray("name");
        boolean isByName = names.length > 0;
        String name = isByName ? names[0] : "own";
        if (isByName) {
            replace(method, name, new Object());
        } else if (method.getReturnType() == SecureMemory.class) {
            // No bean of a context's own: it does not close what it was given.
            try (SecureMemory session = SecureMemory.create()) {
                replace(method, name, session);
            }
        } else if (method.getReturnType() == SecretStore.class) {
            try (SecureMemory session = SecureMemory.create()) {
                SecretStore store = mock(SecretStore.class);
                when(store.find("jwt-key"))
                        .thenReturn(Optional.of(session.secrets().createRandom(32)));
                replace(method, name, store);
            }
        } else {
            replace(method, name, mock(method.getReturnType()));
        }
    }

    private static void replace(Method method, String name, Object own) throws ClassNotFoundException {
        runner().withInitializer(context -> context.getBeanFactory().registerSingleton(name, own))
                .run(context -> {
                    assertThat(context).hasNotFailed().hasBean(name);
                    assertThat(factoryMethods(context.getBeanFactory())).doesNotContain(method.getName());
                });
    }

    private static List<String> factoryMethods(ConfigurableListableBeanFactory beans) {
        return Arrays.stream(beans.getBeanDefinitionNames())
                .map(beans::getBeanDefinition)
                .map(definition -> String.valueOf(definition.getFactoryMethodName()))
                .toList();
    }

    @Test
    void whatIsInsideHasNamesThatNobodyChoosesByChance() {
        Starter.runner()
                .run(context -> assertThat(Map.of(
                                DeclaredSecrets.class, DeclaredSecrets.BEAN_NAME,
                                SecretWatch.class, SecretWatch.BEAN_NAME))
                        .allSatisfy((type, name) -> assertThat(context.getBeanNamesForType(type))
                                .containsExactly(name)
                                .allMatch(used -> used.startsWith("io.securememory."))));
    }
}
