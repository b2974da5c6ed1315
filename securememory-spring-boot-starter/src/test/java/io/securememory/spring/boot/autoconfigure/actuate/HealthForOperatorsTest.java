package io.securememory.spring.boot.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.CanaryViolationException;
import io.securememory.ProtectionReport;
import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryOptions;
import io.securememory.SecureMemoryStatus;
import io.securememory.Storage;
import io.securememory.memguard.LockPolicy;
import io.securememory.spring.boot.autoconfigure.CanaryViolations;
import io.securememory.spring.boot.testsupport.Starter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

/** What keeps an instance in service, and what ends by itself or by an operator. */
@Tag("boot")
class HealthForOperatorsTest {

    private final SecureMemory session = SecureMemory.create();
    private final CanaryViolations violations = new CanaryViolations();

    @AfterEach
    void close() {
        session.close();
    }

    @Test
    void theWarningOfUnlockedMemoryEndsWithThat() {
        limited(0)
                .withPropertyValues("securememory.mlock.policy=best-effort", "securememory.when-limit-reached=fail")
                .run(context -> {
                    Secret secret = context.getBean(SecretFactory.class).createRandom(1);
                    assertThat(warning(health(context))).contains("may be swapped");
                    secret.close();
                    Health health = health(context);
                    assertThat(warning(health)).doesNotContain("may be swapped");
                    assertThat(health.getDetails())
                            .containsEntry("degradedTotal", 1L)
                            .doesNotContainKey("liveUnlocked");
                });
    }

    @ParameterizedTest
    @CsvSource({"-1, false", "0, true", "3599999, true", "3600000, false"})
    void theWarningOfSecretsThatWereSealedInsteadEndsAfterAnHour(long ageMillis, boolean warns) {
        Health health = indicator(StatusFixture.with(
                        Map.of("degradedTotal", 7L, "sealedInsteadAgeMillis", ageMillis, "lockLimitBytes", -1L)))
                .health();
        assertThat(health.getDetails()).containsEntry("degradedTotal", 7L);
        assertThat(warning(health).contains("sealed instead of protected")).isEqualTo(warns);
    }

    @ParameterizedTest
    @EnumSource(ProtectionReport.State.class)
    void whatIsFoundOutOfTheMachineIsNamedAndChangesNoStatus(ProtectionReport.State state) {
        ProtectionReport report = new ProtectionReport(
                List.of(new ProtectionReport.Item("swap", state, "It is written to /dev/sda3.", "Turn it off.")), "");
        var indicator = new SecureMemoryHealthIndicator(
                () -> StatusFixture.with(Map.of("lockLimitBytes", -1L)),
                () -> {},
                80,
                StatusFixture.nothingWatched(),
                violations,
                () -> report,
                StatusFixture.engine()::found);
        Health health = indicator.health();
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails().get("failedProtections"))
                .isEqualTo(state == ProtectionReport.State.FAILED ? List.of("swap") : null);
        assertThat(health.getDetails().get("risks"))
                .isEqualTo(state == ProtectionReport.State.RISK ? List.of("swap") : null);
        assertThat(health.getDetails()).doesNotContainKey("warning");
        assertThat(health.getDetails().toString()).doesNotContain("sda3");
    }

    private static String warning(Health health) {
        return String.valueOf(health.getDetails().get("warning"));
    }

    @ParameterizedTest
    @EnumSource(Storage.class)
    void aHundredProbesCountAsNothing(Storage storage) {
        SecureMemoryOptions options = SecureMemoryOptions.builder()
                .storage(storage)
                .lockPolicy(LockPolicy.BEST_EFFORT)
                .build();
        try (SecureMemory own = SecureMemory.create(options)) {
            var probed = new SecureMemoryHealthIndicator(
                    own::status,
                    new SelfTest(own),
                    80,
                    StatusFixture.nothingWatched(),
                    violations,
                    StatusFixture.nothingFound(),
                    StatusFixture.engine()::found);
            SecureMemoryStatus before = own.status();
            for (int i = 0; i < 100; i++) {
                assertThat(probed.health().getStatus()).isEqualTo(Status.UP);
            }
            SecureMemoryStatus after = own.status();
            assertThat(after.createdTotal()).isEqualTo(before.createdTotal());
            assertThat(after.closedTotal()).isEqualTo(before.closedTotal());
            assertThat(after.degradedTotal()).isEqualTo(before.degradedTotal());
            assertThat(after.liveSecrets()).isZero();
            assertThat(after.liveBuffers()).isZero();
        }
    }

    @Test
    void aViolationEndsWhenItIsAcknowledgedAndTheNextOneIsSeen() {
        AtomicLong found = new AtomicLong(2);
        var indicator = new SecureMemoryHealthIndicator(
                () -> StatusFixture.with(Map.of("canaryViolationsTotal", found.get(), "lockLimitBytes", -1L)),
                () -> {},
                80,
                StatusFixture.nothingWatched(),
                violations,
                StatusFixture.nothingFound(),
                StatusFixture.engine()::found);
        assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(indicator.health().getDetails().get("remedy")).asString().contains("securememorypurge");
        assertThat(violations.acknowledge(found.get())).isEqualTo(2);
        assertThat(violations.acknowledge(found.get())).isZero();
        assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
        assertThat(indicator.health().getDetails())
                .containsEntry("canaryViolationsTotal", 2L)
                .doesNotContainKeys("error", "remedy");
        found.incrementAndGet();
        assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void aViolationThatTheSelfTestFindsIsNotForgottenByTheNextProbe() {
        AtomicBoolean damaged = new AtomicBoolean(true);
        Runnable test = () -> {
            if (damaged.getAndSet(false)) {
                throw new CanaryViolationException("overwritten");
            }
        };
        SecureMemoryStatus status = StatusFixture.with(Map.of("lockLimitBytes", -1L));
        var indicator = new SecureMemoryHealthIndicator(
                () -> status,
                test,
                80,
                StatusFixture.nothingWatched(),
                violations,
                StatusFixture.nothingFound(),
                StatusFixture.engine()::found);
        assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(indicator.health().getStatus()).isEqualTo(Status.DOWN);
        violations.acknowledge(0);
        assertThat(indicator.health().getStatus()).isEqualTo(Status.UP);
    }

    @Test
    void aViolationThatTheSessionHasCountedIsNotCountedAgain() {
        AtomicLong counted = new AtomicLong();
        Runnable test = () -> {
            counted.incrementAndGet();
            throw new CanaryViolationException("overwritten");
        };
        var indicator = new SecureMemoryHealthIndicator(
                () -> StatusFixture.with(Map.of("canaryViolationsTotal", counted.get(), "lockLimitBytes", -1L)),
                test,
                80,
                StatusFixture.nothingWatched(),
                violations,
                StatusFixture.nothingFound(),
                StatusFixture.engine()::found);
        assertThat(indicator.health().getDetails()).containsEntry("canaryViolationsTotal", 1L);
    }

    @Test
    void itBelongsToNoGroupOfProbesUnlessItIsConfigured() {
        groups().run(context -> {
            HealthEndpointGroups groups = context.getBean(HealthEndpointGroups.class);
            assertThat(groups.getPrimary().isMember("securememory")).isTrue();
            assertThat(groups.get("liveness").isMember("securememory")).isFalse();
            assertThat(groups.get("readiness").isMember("securememory")).isFalse();
        });
        groups().withPropertyValues("management.endpoint.health.group.readiness.include=readinessState,securememory")
                .run(context -> {
                    HealthEndpointGroups groups = context.getBean(HealthEndpointGroups.class);
                    assertThat(groups.get("liveness").isMember("securememory")).isFalse();
                    assertThat(groups.get("readiness").isMember("securememory")).isTrue();
                });
    }

    private static ApplicationContextRunner groups() {
        return Starter.runner()
                .withConfiguration(AutoConfigurations.of(
                        HealthContributorAutoConfiguration.class,
                        HealthContributorRegistryAutoConfiguration.class,
                        ApplicationAvailabilityAutoConfiguration.class,
                        AvailabilityHealthContributorAutoConfiguration.class,
                        AvailabilityProbesAutoConfiguration.class,
                        HealthEndpointAutoConfiguration.class))
                .withPropertyValues(
                        "management.endpoints.web.exposure.include=health",
                        "management.endpoint.health.probes.enabled=true");
    }

    private SecureMemoryHealthIndicator indicator(SecureMemoryStatus status) {
        return new SecureMemoryHealthIndicator(
                () -> status,
                new SelfTest(session),
                80,
                StatusFixture.nothingWatched(),
                violations,
                StatusFixture.nothingFound(),
                StatusFixture.engine()::found);
    }

    private static ApplicationContextRunner limited(long bytes) {
        return Starter.runner()
                .withPropertyValues(Starter.KEEPS_DROPPED_SECRETS, "securememory.mlock.limit=" + bytes + "B");
    }

    private static Health health(ApplicationContext context) {
        return context.getBean(SecureMemoryHealthIndicator.class).health();
    }
}
