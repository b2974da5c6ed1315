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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.StaticApplicationContext;
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
        StaticApplicationContext context = new StaticApplicationContext();
        context.setEnvironment(environment);
        new BackgroundWarmUp(tasks::add, this::watched).initialize(context);
    }

    @Test
    void oneTaskRunsBesideTheStartAndSaysNothing(CapturedOutput output) {
        initialize();
        assertThat(tasks).hasSize(1);
        tasks.forEach(Runnable::run);
        assertThat(output.getAll()).doesNotContain("ecure memory", "Not warmed up");
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
        assertThat(SpringFactoriesLoader.forDefaultResourceLocation().load(ApplicationContextInitializer.class))
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
