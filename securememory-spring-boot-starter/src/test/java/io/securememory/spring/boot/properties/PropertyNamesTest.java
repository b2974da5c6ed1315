package io.securememory.spring.boot.properties;

import static io.securememory.spring.boot.testsupport.Starter.MARKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration;
import io.securememory.spring.boot.testsupport.Starter;
import java.io.IOException;
import java.net.URL;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.type.filter.AnnotationTypeFilter;

/** Properties that nobody knows end the start, with the nearest known one. */
@ExtendWith(OutputCaptureExtension.class)
@Tag("boot")
class PropertyNamesTest {

    @Test
    void allRecordsOfPropertiesAreKnown() {
        var scanner = new ClassPathScanningCandidateComponentProvider(false);
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        List<String> ours = scanner.findCandidateComponents("io.securememory.spring.boot").stream()
                .filter(bean -> prefix(bean).startsWith("securememory"))
                .map(BeanDefinition::getBeanClassName)
                .filter(name -> !name.contains("$")) // Those of tests.
                .toList();
        assertThat(KnownProperty.RECORDS.stream().map(Class::getName)).containsExactlyInAnyOrderElementsOf(ours);
    }

    private static String prefix(BeanDefinition bean) {
        try {
            Class<?> type = Class.forName(bean.getBeanClassName());
            return type.getAnnotation(ConfigurationProperties.class).value();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "securememory.enabeld,                      securememory.enabled",
        "securememory.mlock.polcy,                  securememory.mlock.policy",
        "securememory.mlok.policy,                  securememory.mlock.policy",
        "securememory.mlock-policy,                 securememory.mlock.policy",
        "securememory.policy,                       securememory.mlock.policy",
        "securememory.when-limit-reachd,            securememory.when-limit-reached",
        "securememory.enclave.rekey,                securememory.enclave.rekey-interval",
        "securememory.signals.name,                 securememory.signals.names",
        "securememory.reload-intervall,             securememory.directory.reload-interval",
        "securememory.world-readable,               securememory.secrets.<name>.allow-world-readable",
        "securememory.secret.key.location,          securememory.secrets.key.location",
        "securememory.secrets.key.loction,          securememory.secrets.key.location",
        "securememory.secrets.key.reload-intervall, securememory.secrets.key.reload-interval",
        "securememory.secrets.key.interval,         securememory.secrets.key.reload-interval",
        "securememory.secrets[a.b].generat,         securememory.secrets[a.b].generate",
        "securememory.ssl.bundle.web.privatkey,     securememory.ssl.bundle.web.private-key",
        "securememory.ssl.bundles.web.certificate,  securememory.ssl.bundle.web.certificate",
        "secure-memory.close-timeot,                securememory.close-timeout"
    })
    void anUnknownPropertyIsNamedWithTheNearestOneAndNoValue(String written, String nearest, CapturedOutput output) {
        start("--" + written + "=" + MARKER);
        assertThat(output)
                .contains("APPLICATION FAILED TO START")
                .contains("The property " + written + " (in commandLineArgs) is not known, and would be left out.")
                .contains("Write " + nearest + " in the place of " + written + ", or take it out.")
                .doesNotContain(MARKER);
    }

    @ParameterizedTest
    @CsvSource({
        "SECUREMEMORY_MLOCK_POLCY,                   SECUREMEMORY_MLOCK_POLICY",
        "SECUREMEMORY_SIGNALS_NAME_0,                SECUREMEMORY_SIGNALS_NAMES",
        "SECUREMEMORY_SECRET_KEY_LOCATION,           SECUREMEMORY_SECRETS_KEY_LOCATION",
        "SECUREMEMORY_SECRETS_DB_KEY_LOCTION,        SECUREMEMORY_SECRETS_DB_KEY_LOCATION",
        "SECUREMEMORY_SECRETS_K_RELOAD_INTERVALL,    SECUREMEMORY_SECRETS_K_RELOAD_INTERVAL",
        "SECUREMEMORY_SSL_BUNDLE_A_B_TRUST_CERTIFIC, SECUREMEMORY_SSL_BUNDLE_A_B_TRUST_CERTIFICATE"
    })
    void anUnknownVariableIsNamedWithTheNearestOneAndNoValue(String written, String nearest) {
        withVariables(
                (failure, remedy) -> {
                    assertThat(failure)
                            .isEqualTo("The environment variable " + written + " is not known, and would be left out.");
                    assertThat(remedy)
                            .isEqualTo("Write " + nearest + " in the place of " + written + ", or take it out.");
                },
                written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SECUREMEMORY_SECRETS", "SECUREMEMORY_SECRETS_KEY", "SECUREMEMORY_SECRETS_DB_PASSWORD"})
    void aSecretInAVariableIsRefusedAsOneInAProperty(String written) {
        withVariables(
                (failure, remedy) -> {
                    assertThat(failure)
                            .startsWith("The environment variable " + written + " cannot be bound. Its value is"
                                    + " not shown");
                    assertThat(remedy).contains("Never put the secret itself into a property");
                },
                written);
    }

    @Test
    void whatIsInThePlaceOfAGroupIsRefusedAndAnEmptyKeyIsNot(CapturedOutput output) {
        start("--securememory.mlock=require", "--securememory.mlock.limit=1MB");
        assertThat(output)
                .contains("The property securememory.mlock (in commandLineArgs) is not known")
                .contains("There are: securememory.mlock.limit, securememory.mlock.policy,");
        Starter.runner()
                .withPropertyValues("securememory.mlock=", "securememory.mlock.limit=1MB")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void aSecretBesideItsLocationIsRefused(CapturedOutput output) {
        start(
                "--securememory.secrets.key=" + MARKER,
                "--securememory.secrets.key.location=classpath:declared-secret.txt");
        assertThat(output)
                .contains("The property securememory.secrets.key cannot be bound.")
                .doesNotContain(MARKER);
    }

    @Test
    void allOfThemAreNamedAtOnce(CapturedOutput output) {
        start(
                "--securememory.xyz=1",
                "--securememory.zyx=1",
                "--securememory.enabeld=1",
                "--securememory.pool.maxidel=1");
        assertThat(output)
                .contains("- Take securememory.xyz out. There are: securememory.backing,")
                .contains("- Take securememory.zyx out.\n")
                .containsOnlyOnce("There are:")
                .contains("- Write securememory.enabled in the place of securememory.enabeld")
                .contains("- Write securememory.pool.max-idle in the place of securememory.pool.maxidel");
    }

    @Test
    void theLineOfAFileIsNamed(CapturedOutput output) {
        start("--spring.config.location=classpath:misspelled.yml");
        assertThat(output)
                .contains(
                        "The property securememory.mlock.polcy (class path resource [misspelled.yml] - 3:12) is not known");
    }

    @Test
    void whateverIsBoundIsKnown() {
        Starter.runner()
                .withPropertyValues(
                        "securememory.signals.names[0]=HUP",
                        "secure-memory.closeTimeout=1s",
                        "securememory.when_limit_reached=fail",
                        "SECUREMEMORY.POOL.MAX-IDLE=1")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void variablesOfAServiceOfOurNameAreLeftAlone() {
        withVariables(
                (failure, remedy) -> assertThat(failure).isEmpty(),
                "SECUREMEMORY_SERVICE_HOST",
                "SECUREMEMORY_SERVICE_PORT",
                "SECUREMEMORY_SERVICE_PORT_HTTP",
                "SECUREMEMORY_PORT",
                "SECUREMEMORY_PORT_80_TCP",
                "SECUREMEMORY_PORT_80_TCP_ADDR");
        withVariables((failure, remedy) -> assertThat(failure).contains("SECUREMEMORY_PORT"), "SECUREMEMORY_PORT");
    }

    @Test
    void aVariableIsThePropertyThatLeavesLeastToTheName() {
        StandardEnvironment environment = new StandardEnvironment() {
            @Override
            public Map<String, Object> getSystemEnvironment() {
                return Map.of(
                        "SECUREMEMORY_SSL_BUNDLE_WEB_TRUST_CERTIFICATE", "file:trusted",
                        "SECUREMEMORY_SSL_BUNDLE_WEB_PRIVATE_KEY_PASSWORD", "key-password");
            }
        };
        PropertyNames.checkDeclared(environment, property -> false);

        assertThat(environment.getProperty("securememory.ssl.bundle.web.trust-certificate"))
                .isEqualTo("file:trusted");
        assertThat(environment.getProperty("securememory.ssl.bundle.web.private-key-password"))
                .isEqualTo("key-password");
    }

    @Test
    void variablesWithThePrefixOfTheApplicationAreRead(CapturedOutput output) {
        SpringApplication application = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .environment(new StandardEnvironment() {
                    @Override
                    public Map<String, Object> getSystemEnvironment() {
                        return Map.of("MINE_SECUREMEMORY_MLOCK_POLCY", "off", "SECUREMEMORY_OTHER", "1");
                    }
                })
                .build();
        application.setEnvironmentPrefix("mine");
        assertThat(failure(() -> application.run().close())).isInstanceOf(PropertyNameException.class);
        assertThat(output)
                .contains("The environment variable MINE_SECUREMEMORY_MLOCK_POLCY is not known")
                .doesNotContain("SECUREMEMORY_OTHER");
    }

    @ParameterizedTest
    @ValueSource(strings = {"securememory.own.text", "securememory.own.nested.text"})
    void propertiesOfTheApplicationBelowOurPrefixAreLeftAlone(String property) {
        Starter.runner()
                .withUserConfiguration(OwnProperties.class)
                .withPropertyValues(property + "=x")
                .run(context -> assertThat(context).hasNotFailed());
        Starter.runner()
                .withPropertyValues(property + "=x")
                .run(context -> assertThat(context).hasFailed());
    }

    @Test
    void propertiesOfOtherMetadataAndOtherPrefixesAreLeftAlone() {
        Starter.runner()
                .withClassLoader(new OtherMetadata())
                .withPropertyValues(
                        "securememory.vault.address=x", "management.endpoint.securememory.foo=x", "securememoryx.a=1")
                .run(context -> assertThat(context).hasNotFailed());
    }

    @Test
    void nothingIsCheckedWhereSecureMemoryIsDisabled() {
        Starter.runner()
                .withPropertyValues("securememory.enabled=false", "securememory.xyz=1")
                .run(context -> assertThat(context).hasNotFailed());
    }

    private static void withVariables(BiConsumer<String, String> check, String... names) {
        withVariables(Starter.runner(), check, names);
    }

    /** Starts with these variables; the check gets failure and remedy, both empty if there is none. */
    static void withVariables(ApplicationContextRunner runner, BiConsumer<String, String> check, String... names) {
        Map<String, Object> variables =
                new HashMap<>(List.of(names).stream().collect(Collectors.toMap(name -> name, name -> MARKER)));
        String source = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        runner.withInitializer(context -> context.getEnvironment()
                        .getPropertySources()
                        .replace(source, new SystemEnvironmentPropertySource(source, variables)))
                .run(context -> {
                    if (context.getStartupFailure() instanceof PropertyNameException failure) {
                        check.accept(failure.getMessage(), failure.remedy());
                    } else {
                        assertThat(context).hasNotFailed();
                        check.accept("", "");
                    }
                });
    }

    private static void start(String... arguments) {
        assertThat(failure(() -> new SpringApplicationBuilder(Application.class)
                        .web(WebApplicationType.NONE)
                        .run(arguments)
                        .close()))
                .isInstanceOf(PropertyNameException.class);
    }

    private static Throwable failure(Runnable start) {
        return catchThrowable(start::run);
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(SecureMemoryAutoConfiguration.class)
    static class Application {}

    @EnableConfigurationProperties(Own.class)
    static class OwnProperties {}

    @ConfigurationProperties("securememory.own")
    record Own(String text) {}

    /** As if another module had properties of its own below our prefix. */
    static final class OtherMetadata extends FilteredClassLoader {

        OtherMetadata() {
            super("none");
        }

        @Override
        public Enumeration<URL> getResources(String name) throws IOException {
            String own = "META-INF/spring-configuration-metadata.json";
            return super.getResources(name.equals(own) ? "other-metadata.json" : name);
        }
    }
}
