package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.securememory.memcall.MemCall;
import io.securememory.memcall.MemCalls;
import io.securememory.memcall.NativeAccess;
import io.securememory.testing.SystemProperty;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurationImportEvent;
import org.springframework.boot.autoconfigure.AutoConfigurationImportListener;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.mock.env.MockEnvironment;

@ExtendWith(OutputCaptureExtension.class)
@Tag("boot")
class BackgroundWarmUpTest {

    private final List<Runnable> tasks = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private final MockEnvironment environment = new MockEnvironment();

    @BeforeEach
    void whereThereAreProcessors() {
        assumeTrue(Runtime.getRuntime().availableProcessors() > 1, "one processor: nothing is done in the background");
    }

    /** Notes the names of all calls, whichever way they take: the tests run on classes, which have JNA only. */
    private MemCall watched(NativeAccess access) {
        assertThat(access).isEqualTo(NativeAccess.FFM);
        MemCall real = MemCalls.system();
        return (MemCall) Proxy.newProxyInstance(
                MemCall.class.getClassLoader(), new Class<?>[] {MemCall.class}, (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    return method.invoke(real, arguments);
                });
    }

    private void initialize() {
        imported(List.of("another", SecureMemoryAutoConfiguration.class.getName()));
    }

    private void imported(List<String> autoConfigurations) {
        BackgroundWarmUp warmUp = new BackgroundWarmUp(tasks::add, this::watched);
        warmUp.setEnvironment(environment);
        warmUp.onAutoConfigurationImportEvent(new AutoConfigurationImportEvent(this, autoConfigurations, Set.of()));
    }

    @Test
    void nothingRunsWhereTheAutoConfigurationIsNotImported() {
        imported(List.of("another"));
        assertThat(tasks).isEmpty();
    }

    static Stream<Arguments> waysToLeaveTheAutoConfigurationOut() {
        String name = SecureMemoryAutoConfiguration.class.getName();
        return Stream.of(
                Arguments.of(Whole.class, "--spring.autoconfigure.exclude=" + name),
                Arguments.of(Whole.class, "--spring.autoconfigure.exclude[0]=" + name),
                Arguments.of(Whole.class, "--spring.boot.enableautoconfiguration=false"),
                Arguments.of(Whole.class, "--securememory.enabled=false"),
                Arguments.of(ExcludedByClass.class, ""),
                Arguments.of(ExcludedByName.class, ""),
                Arguments.of(NoAutoConfiguration.class, ""));
    }

    @ParameterizedTest
    @MethodSource("waysToLeaveTheAutoConfigurationOut")
    void nothingRunsInAnApplicationThatLeavesItOut(Class<?> application, String argument) {
        start(application, argument);
        assertThat(tasks).isEmpty();
    }

    @Test
    void oneTaskRunsInAnApplicationThatImportsIt() {
        start(Whole.class, "");
        assertThat(tasks).hasSize(1);
    }

    /** Hands each import of auto-configurations that a real start announces to a warm-up that is watched. */
    private void start(Class<?> application, String argument) {
        BackgroundWarmUp warmUp = new BackgroundWarmUp(tasks::add, this::watched);
        String[] arguments = argument.isEmpty() ? new String[0] : new String[] {argument};
        try (Announced announced = Announced.to((event, known) -> {
                    warmUp.setEnvironment(known);
                    warmUp.onAutoConfigurationImportEvent(event);
                });
                ConfigurableApplicationContext context = new SpringApplicationBuilder(application)
                        .web(WebApplicationType.NONE)
                        .run(arguments)) {
            assertThat(announced).isNotNull();
            assertThat(context.isActive()).isTrue();
        }
    }

    /** Made by Spring Boot, as the warm-up is; tells the test that runs in the same thread. */
    static final class Announced implements AutoConfigurationImportListener, EnvironmentAware, AutoCloseable {

        private static final ThreadLocal<BiConsumer<AutoConfigurationImportEvent, Environment>> LISTENER =
                new ThreadLocal<>();

        private Environment environment;

        static Announced to(BiConsumer<AutoConfigurationImportEvent, Environment> listener) {
            LISTENER.set(listener);
            return new Announced();
        }

        @Override
        public void setEnvironment(Environment environment) {
            this.environment = environment;
        }

        @Override
        public void onAutoConfigurationImportEvent(AutoConfigurationImportEvent event) {
            if (LISTENER.get() != null) {
                LISTENER.get().accept(event, environment);
            }
        }

        @Override
        public void close() {
            LISTENER.remove();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Whole {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(exclude = SecureMemoryAutoConfiguration.class)
    static class ExcludedByClass {}

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration(excludeName = "io.securememory.spring.boot.autoconfigure.SecureMemoryAutoConfiguration")
    static class ExcludedByName {}

    @Configuration(proxyBeanMethods = false)
    static class NoAutoConfiguration {}

    @Test
    void oneTaskRunsBesideTheStartAndSaysNothing(CapturedOutput output) {
        initialize();
        assertThat(tasks).hasSize(1);
        tasks.forEach(Runnable::run);
        String own = Thread.currentThread().getName(); // Threads of contexts that are closed may still say something.
        assertThat(output.getAll().lines())
                .filteredOn(line -> line.contains(own.substring(Math.max(0, own.length() - 15))))
                .noneMatch(line -> line.contains("ecure memory") || line.contains("Not warmed up"));
        if (Runtime.version().feature() >= 22) {
            assertThat(calls).contains("allocate", "protect").containsAnyOf("free", "freeAll");
            assertThat(calls).as("takes nothing from the limit").doesNotContain("lock");
        } else {
            assertThat(calls).as("JNA tells a failure once").isEmpty();
        }
    }

    @Test
    void nothingRunsWhereSecureMemoryIsDisabled() {
        environment.setProperty("securememory.enabled", "false");
        initialize();
        assertThat(tasks).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"spring.backgroundpreinitializer.ignore", "spring.aot.processing"})
    void nothingRunsWhereSpringBootPreparesNothingEither(String property) {
        try (SystemProperty set = SystemProperty.set(property, "true")) {
            assertThat(set).isNotNull();
            initialize();
        }
        assertThat(tasks).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "securememory.native-access=magic",
                "securememory.secrets.key.location=hunter2",
                "securememory.close-timeout=-1s",
                "securememory.native-access=jna"
            })
    void whatIsWrongIsLeftToTheStart(String property, CapturedOutput output) {
        environment.setProperty(
                property.substring(0, property.indexOf('=')), property.substring(property.indexOf('=') + 1));
        initialize();
        assertThatCode(() -> tasks.forEach(Runnable::run)).doesNotThrowAnyException();
        assertThat(output.getAll()).doesNotContain("hunter2", "magic");
    }

    @Test
    void springBootFindsIt() {
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation().load(AutoConfigurationImportListener.class))
                .hasAtLeastOneElementOfType(BackgroundWarmUp.class);
    }

    @Test
    void anApplicationIsStartedWithItAndCountsNothingOfIt() {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
                .web(WebApplicationType.NONE)
                .run()) {
            assertThat(context.getBean(io.securememory.SecureMemory.class)
                            .status()
                            .createdTotal())
                    .isZero();
        }
    }

    @Configuration(proxyBeanMethods = false)
    @ImportAutoConfiguration(SecureMemoryAutoConfiguration.class)
    static class Application {}
}
