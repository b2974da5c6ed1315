package io.securememory.spring.boot.autoconfigure.actuate;

import static io.securememory.spring.boot.testsupport.Starter.location;
import static io.securememory.spring.boot.testsupport.Starter.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.PurgeReport;
import io.securememory.Secret;
import io.securememory.SecretClosedException;
import io.securememory.SecretFactory;
import io.securememory.SecureMemory;
import io.securememory.Storage;
import io.securememory.spring.boot.autoconfigure.CanaryViolations;
import io.securememory.spring.boot.autoconfigure.actuate.SecureMemoryPurgeEndpoint.PurgeDescriptor;
import io.securememory.spring.boot.testsupport.Starter;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
@Tag("boot")
class SecureMemoryPurgeEndpointTest {

    private static final String ACCESS = "management.endpoint.securememorypurge.access=UNRESTRICTED";

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"*", "securememory,securememorypurge", "securememorypurge"})
    void exposureAloneDoesNotMakeItAvailable(String exposed) {
        Starter.runner()
                .withPropertyValues(
                        "management.endpoints.web.exposure.include=" + exposed,
                        "management.endpoints.jmx.exposure.include=" + exposed)
                .run(context -> assertThat(context).doesNotHaveBean(SecureMemoryPurgeEndpoint.class));
    }

    @Test
    void accessAloneDoesNotExposeIt() {
        Starter.runner()
                .withPropertyValues(ACCESS)
                .run(context -> assertThat(context).doesNotHaveBean(SecureMemoryPurgeEndpoint.class));
    }

    @Test
    void itIsAvailableWithBothAndGoneWhenNoAccessIsPermittedAtAll() {
        available().run(context -> assertThat(context).hasSingleBean(SecureMemoryPurgeEndpoint.class));
        available()
                .withPropertyValues("management.endpoints.access.max-permitted=NONE")
                .run(context -> assertThat(context).doesNotHaveBean(SecureMemoryPurgeEndpoint.class));
    }

    @Test
    void anEndpointOfTheApplicationIsUsedInPlaceOfOurs() {
        available()
                .withBean("own", SecureMemoryPurgeEndpoint.class, () -> new SecureMemoryPurgeEndpoint(null, null))
                .run(context -> assertThat(context.getBeanNamesForType(SecureMemoryPurgeEndpoint.class))
                        .containsExactly("own"));
    }

    @Test
    void itWipesWhatTheSessionHoldsAndTellsHowMuch(CapturedOutput output) {
        available()
                .withPropertyValues(
                        Starter.KEEPS_DROPPED_SECRETS,
                        location("webhook-key", write(directory, "key", Starter.MARKER)),
                        "securememory.secrets.webhook-key.storage=protected")
                .run(context -> {
                    SecureMemory session = context.getBean(SecureMemory.class);
                    Secret declared = context.getBean("webhook-key", Secret.class);
                    int length = declared.length();
                    session.secrets(Storage.PROTECTED).createRandom(100);
                    session.secrets(Storage.SEALED).createRandom(1_000);
                    session.memGuard().random(10_000);

                    PurgeDescriptor purged =
                            context.getBean(SecureMemoryPurgeEndpoint.class).purge();

                    assertThat(purged.wiped()).isEqualTo(4);
                    assertThat(purged.deferred()).isZero();
                    assertThat(purged.failed()).isZero();
                    assertThat(purged.bytes()).isEqualTo(length + 11_100L);
                    assertThatExceptionOfType(SecretClosedException.class).isThrownBy(() -> Starter.text(declared));
                    assertThat(session.status().liveSecrets()).isZero();
                    assertThat(session.status().liveBuffers()).isZero();
                });
        assertThat(output)
                .containsOnlyOnce("Secure memory purged by the actuator endpoint: 4 secrets wiped")
                .doesNotContain("webhook-key")
                .doesNotContain(Starter.MARKER);
    }

    @Test
    void afterItNewSecretsCanBeMade() {
        available().run(context -> {
            context.getBean(SecureMemoryPurgeEndpoint.class).purge();
            try (Secret secret = context.getBean(SecretFactory.class).create("text".toCharArray())) {
                assertThat(Starter.text(secret)).isEqualTo("text");
            }
        });
    }

    @Test
    void eachNumberOfTheReportIsShownAsItself() {
        assertThat(PurgeDescriptor.of(new PurgeReport(1, 2, 3, 4, 5_999_999), 6))
                .isEqualTo(new PurgeDescriptor(1, 2, 3, 4, 5, 6));
    }

    @Test
    void aPurgeAcknowledgesWhatWasFoundAndSoDoesADeleteWhereItWasPurgedThen(CapturedOutput output) {
        available().run(context -> {
            SecureMemoryPurgeEndpoint endpoint = context.getBean(SecureMemoryPurgeEndpoint.class);
            CanaryViolations violations = context.getBean(CanaryViolations.class);
            var health = context.getBean(SecureMemoryHealthIndicator.class);

            violations.found();
            assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
            assertThat(endpoint.purge().acknowledgedViolations()).isEqualTo(1);
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);

            violations.found();
            violations.found();
            assertThat(health.health().getStatus()).isEqualTo(Status.DOWN);
            assertThat(endpoint.acknowledge().acknowledgedViolations()).isEqualTo(2);
            assertThat(health.health().getStatus()).isEqualTo(Status.UP);
            assertThat(endpoint.acknowledge().acknowledgedViolations()).isZero();
        });
        assertThat(output).contains("Overwritten canaries were acknowledged by the actuator endpoint: 2");
    }

    @Test
    void whatThePurgeItselfFindsIsNotAcknowledgedByIt() {
        try (SecureMemory session = SecureMemory.create()) {
            CanaryViolations violations = new CanaryViolations();
            SecureMemoryPurgeEndpoint endpoint = new SecureMemoryPurgeEndpoint(session, violations, () -> {
                violations.found();
                return session.purge();
            });
            assertThat(endpoint.purge().acknowledgedViolations()).isZero();
            assertThat(violations.open(0)).as("nobody has seen it").isEqualTo(1);
            assertThat(endpoint.purge().acknowledgedViolations()).isEqualTo(1);
            assertThat(violations.open(0)).as("the one of the second purge").isEqualTo(1);
        }
    }

    @Test
    void whatWasNotWipedIsNotAcknowledgedByADelete() {
        available().withPropertyValues("securememory.on-canary-violation=throw").run(context -> {
            SecureMemoryPurgeEndpoint endpoint = context.getBean(SecureMemoryPurgeEndpoint.class);
            CanaryViolations violations = context.getBean(CanaryViolations.class);
            assertThat(endpoint.acknowledge().acknowledgedViolations()).isZero();
            violations.found();
            assertThatExceptionOfType(InvalidEndpointRequestException.class)
                    .isThrownBy(endpoint::acknowledge)
                    .withMessageContaining("POST");
            assertThat(violations.open(0)).isEqualTo(1);
            assertThat(endpoint.purge().acknowledgedViolations()).isEqualTo(1);
        });
    }

    private static ApplicationContextRunner available() {
        return Starter.runner()
                .withPropertyValues("management.endpoints.web.exposure.include=securememorypurge", ACCESS);
    }
}
