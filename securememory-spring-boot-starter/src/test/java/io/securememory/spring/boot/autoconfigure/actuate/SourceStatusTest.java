package io.securememory.spring.boot.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.securememory.spring.boot.DeclaredSecretException;
import io.securememory.spring.boot.SecretSource;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryEndpoint.WatchedDescriptor;
import io.securememory.spring.boot.testsupport.Starter;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** A source that is no file, and fails: what operators see of it. */
class SourceStatusTest {

    private final AtomicBoolean fails = new AtomicBoolean();

    private ApplicationContextRunner runner() {
        return Starter.runner()
                .withPropertyValues(
                        "management.endpoints.web.exposure.include=securememory", "securememory.secrets.key.source=own")
                .withBean("own", SecretSource.class, () -> secrets -> {
                    if (fails.get()) {
                        throw new IOException(Starter.MARKER);
                    }
                    return secrets.createRandom(32);
                });
    }

    @Test
    void theEndpointAndTheMetersShowIt() {
        MeterRegistry meters = new SimpleMeterRegistry();
        runner().withPropertyValues("management.endpoint.securememory.show-names=true")
                .withBean(MeterRegistry.class, () -> meters)
                .run(context -> {
                    SecretStore store = context.getBean(SecretStore.class);
                    context.getBean("secretRotationMeterBinder", MeterBinder.class)
                            .bindTo(meters);
                    assertThat(store.reload("key")).isTrue();
                    fails.set(true);
                    assertThatExceptionOfType(DeclaredSecretException.class).isThrownBy(() -> store.reload("key"));

                    WatchedDescriptor shown = context.getBean(SecureMemoryEndpoint.class)
                            .secureMemory(null)
                            .files()
                            .get(0);
                    assertThat(shown.name()).isEqualTo("key");
                    assertThat(shown.state()).isEqualTo("unavailable");
                    assertThat(shown.failuresTotal()).isEqualTo(1);
                    assertThat(shown.problem())
                            .contains("from the bean 'own': it failed with java.io.IOException")
                            .doesNotContain(Starter.MARKER);
                    assertThat(count(meters, "securememory.secrets.rotated")).isEqualTo(1);
                    assertThat(count(meters, "securememory.secrets.reload.failed"))
                            .isEqualTo(1);
                });
    }

    private static double count(MeterRegistry meters, String name) {
        return meters.get(name).functionCounter().count();
    }

    @Test
    void namesAreShownOnlyOnRequest() {
        runner().run(context -> {
            fails.set(true);
            assertThatExceptionOfType(DeclaredSecretException.class)
                    .isThrownBy(() -> context.getBean(SecretStore.class).reload("key"));

            WatchedDescriptor shown = context.getBean(SecureMemoryEndpoint.class)
                    .secureMemory(null)
                    .files()
                    .get(0);
            assertThat(shown.state()).isEqualTo("unavailable");
            assertThat(shown.toString()).doesNotContain("key").doesNotContain("own");
        });
    }
}
