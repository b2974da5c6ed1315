package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecureMemory;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryEndpointAutoConfiguration;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryHealthContributorAutoConfiguration;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryInfoContributorAutoConfiguration;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryMetricsAutoConfiguration;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryResidueEndpointAutoConfiguration;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemorySanitizingAutoConfiguration;
import io.securememory.spring.boot.autoconfigure.jwt.SecureMemoryJwtAutoConfiguration;
import io.securememory.spring.boot.autoconfigure.lifecycle.SecureMemoryLifecycleAutoConfiguration;
import io.securememory.spring.boot.autoconfigure.ssl.SecureMemorySslAutoConfiguration;
import io.securememory.spring.boot.testsupport.Starter;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Tag("boot")
@Tag("boot-smoke")
class SecureMemoryAutoConfigurationTest {

    @Test
    void withoutAnyPropertyThereIsASessionAndItsFactory() {
        Starter.runner().run(context -> {
            SecureMemory session = context.getBean("secureMemory", SecureMemory.class);
            SecretFactory factory = context.getBean("secretFactory", SecretFactory.class);
            long lockedAtStart = session.status().lockedBytes();
            try (Secret secret = factory.create("text".toCharArray())) {
                assertThat(Starter.text(secret)).isEqualTo("text");
                assertThat(session.status().liveSecrets()).isEqualTo(1);
                assertThat(session.status().lockedBytes()).isGreaterThan(lockedAtStart);
            }
            assertThat(context.getBean(SecretStore.class).names()).isEmpty();
            assertThat(context).doesNotHaveBean(Secret.class);
        });
    }

    @Test
    void nothingButTheMaskingOfPropertiesIsConfiguredWhenDisabled() {
        disabled()
                .run(context -> assertThat(ours(context))
                        .containsExactlyInAnyOrder(
                                "SecretPropertySanitizer", "SecureMemorySanitizingAutoConfiguration"));
    }

    @Test
    void aSessionOfTheApplicationIsLeftAloneWhenDisabled() {
        disabled()
                .withUserConfiguration(OwnSession.class)
                .run(context -> assertThat(ours(context))
                        .containsExactlyInAnyOrder(
                                "OwnSession",
                                "SecureMemory",
                                "SecretPropertySanitizer",
                                "SecureMemorySanitizingAutoConfiguration"));
    }

    private static ApplicationContextRunner disabled() {
        return Starter.runner()
                .withBean(SimpleMeterRegistry.class)
                .withPropertyValues(
                        "securememory.enabled=false",
                        "securememory.secrets.key.location=file:no/such/file",
                        "management.info.securememory.enabled=true",
                        "management.endpoint.securememorypurge.access=UNRESTRICTED",
                        "management.endpoints.web.exposure.include=*");
    }

    private static List<String> ours(ApplicationContext context) {
        return context.getBeansOfType(Object.class).values().stream()
                .<Class<?>>map(Object::getClass)
                .filter(type -> type.getName().startsWith("io.securememory."))
                .map(Class::getSimpleName)
                .toList();
    }

    @Test
    void aSessionOfTheApplicationIsUsedInPlaceOfOurs() {
        Starter.runner().withUserConfiguration(OwnSession.class).run(context -> {
            SecureMemory session = context.getBean(SecureMemory.class);
            assertThat(context).hasSingleBean(SecureMemory.class).hasBean("ownSession");
            assertThat(context.getBean(SecretFactory.class)).isSameAs(session.secrets());
        });
    }

    @Test
    void aFactoryOfTheApplicationIsUsedInPlaceOfOurs() {
        Starter.runner().withUserConfiguration(OwnFactory.class).run(context -> {
            assertThat(context.getBeanNamesForType(SecretFactory.class))
                    .containsExactlyInAnyOrder("ownFactory", "protectedSecretFactory", "sealedSecretFactory");
            assertThat(context.getBeanNamesForType(SecureMemory.class)).containsExactly("secureMemory");
        });
    }

    @Test
    void ourFactoryIsPrimaryAmongOthersThatComeLater() {
        Starter.runner()
                .withInitializer(context -> context.addBeanFactoryPostProcessor(beans -> {
                    try (SecureMemory other = SecureMemory.create()) {
                        beans.registerSingleton("otherFactory", other.secrets());
                    }
                }))
                .run(context -> assertThat(context.getBean(SecretFactory.class))
                        .isSameAs(context.getBean(SecureMemory.class).secrets()));
    }

    @Test
    void optionsComeFromTheProperties() {
        long page = Starter.pageSize();
        Starter.runner()
                .withPropertyValues("securememory.mlock.limit=" + 3 * page + "B", "securememory.native-access=jna")
                .run(context -> {
                    SecureMemory session = context.getBean(SecureMemory.class);
                    assertThat(session.status().lockLimitBytes()).isEqualTo(3 * page);
                    assertThat(session.status().nativeAccess()).isEqualTo("jna");
                });
    }

    @Test
    void nothingIsLockedWithPolicyOff() {
        Starter.runner().withPropertyValues("securememory.mlock.policy=off").run(context -> {
            context.getBean(SecretFactory.class).createRandom(1);
            assertThat(context.getBean(SecureMemory.class).status().lockedBytes())
                    .isZero();
        });
    }

    /** Those of clients are left out, as the clients are. The tests of passwords have them. */
    static List<Class<?>> autoConfigurations() throws ClassNotFoundException {
        List<String> names = ImportCandidates.load(
                        AutoConfiguration.class, SecureMemoryAutoConfigurationTest.class.getClassLoader())
                .getCandidates();
        List<Class<?>> ours = new ArrayList<>();
        for (String name : names) {
            if (name.startsWith("io.securememory.") && !name.contains(".autoconfigure.credentials.")) {
                ours.add(Class.forName(name));
            }
        }
        return ours;
    }

    @Test
    void allAutoConfigurationsAreListed() throws ClassNotFoundException {
        assertThat(autoConfigurations())
                .containsExactlyInAnyOrder(
                        SecureMemoryAutoConfiguration.class,
                        SecureMemoryEndpointAutoConfiguration.class,
                        SecureMemoryHealthContributorAutoConfiguration.class,
                        SecureMemoryInfoContributorAutoConfiguration.class,
                        SecureMemoryJwtAutoConfiguration.class,
                        SecureMemoryLifecycleAutoConfiguration.class,
                        SecureMemoryMetricsAutoConfiguration.class,
                        SecureMemoryResidueEndpointAutoConfiguration.class,
                        SecureMemorySanitizingAutoConfiguration.class,
                        SecureMemorySslAutoConfiguration.class);
    }

    @ParameterizedTest
    @MethodSource("autoConfigurations")
    void anAutoConfigurationIsNotForCallers(Class<?> type) {
        assertThat(type).isPublic().isFinal();
        assertThat(type.getConstructors()).isEmpty();
        assertThat(Arrays.stream(type.getDeclaredMethods())
                        .filter(method -> method.isAnnotationPresent(Bean.class))
                        .map(Method::getModifiers))
                .isNotEmpty()
                .noneMatch(Modifier::isPublic);
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnSession {

        @Bean
        SecureMemory ownSession() {
            return SecureMemory.create();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class OwnFactory {

        @Bean
        SecretFactory ownFactory(SecureMemory session) {
            return session.secrets();
        }
    }
}
