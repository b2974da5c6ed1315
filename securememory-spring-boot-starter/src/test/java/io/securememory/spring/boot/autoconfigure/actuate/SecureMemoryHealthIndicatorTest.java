package io.securememory.spring.boot.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.Secret;
import io.securememory.SecretFactory;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryOptions;
import io.securememory.SecureMemoryStatus;
import io.securememory.Storage;
import io.securememory.WhenLimitReached;
import io.securememory.memguard.LeakDetection;
import io.securememory.spring.boot.autoconfigure.CanaryViolations;
import io.securememory.spring.boot.testsupport.Starter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

@ExtendWith(OutputCaptureExtension.class)
@Tag("boot")
@Tag("boot-smoke")
class SecureMemoryHealthIndicatorTest {

    @AutoClose
    private final SecureMemory session = SecureMemory.create();

    @Test
    void itIsRegisteredUnderItsName() {
        Starter.runner()
                .withConfiguration(AutoConfigurations.of(
                        HealthContributorAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class))
                .run(context -> assertThat(
                                context.getBean(HealthContributorRegistry.class).getContributor("securememory"))
                        .isInstanceOf(SecureMemoryHealthIndicator.class));
    }

    @Test
    void itIsNotThereWhenDisabled() {
        Starter.runner()
                .withPropertyValues("management.health.securememory.enabled=false")
                .run(context -> assertThat(context).doesNotHaveBean(SecureMemoryHealthIndicator.class));
    }

    @Test
    void itIsUpWhileSecretsCanBeMade() {
        long page = Starter.pageSize();
        limited(20 * page).run(context -> {
            fill(context, 9);
            fill(context.getBean(SecureMemory.class).secrets(Storage.SEALED), 5);
            Health health = health(context);
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            long locked = context.getBean(SecureMemory.class).status().lockedBytes();
            assertThat(locked).isGreaterThanOrEqualTo((9 + Starter.SEALING_PAGES) * page);
            assertThat(health.getDetails())
                    .containsEntry("liveSecrets", 14L)
                    .containsEntry("liveSealed", 5L)
                    .containsEntry("lockedBytes", locked)
                    .containsEntry("lockLimitBytes", 20 * page)
                    .containsEntry("lockedPercent", 60L)
                    .containsKey("nativeAccess")
                    .doesNotContainKeys("warning", "error");
        });
    }

    @Test
    void itWarnsNearTheLimitAndStaysUp() {
        limited(10 * Starter.pageSize()).run(context -> {
            fill(context, 9 - Starter.SEALING_PAGES);
            Health health = health(context);
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails())
                    .containsEntry("warning", "90 percent of the memory that may be locked is used");
        });
    }

    @Test
    void theThresholdIsAProperty() {
        limited(10 * Starter.pageSize())
                .withPropertyValues("securememory.mlock.warn-threshold=40")
                .run(context -> {
                    assertThat(health(context).getDetails()).doesNotContainKey("warning");
                    fill(context, 1);
                    assertThat(health(context).getDetails()).containsKey("warning");
                });
    }

    @ParameterizedTest
    @CsvSource({"7999, false", "8000, true", "10000, true"})
    void theWarningBeginsExactlyAtTheThreshold(long lockedBytes, boolean warning) {
        Health health = indicator(StatusFixture.with(Map.of("lockedBytes", lockedBytes, "lockLimitBytes", 10000L)))
                .health();
        assertThat(health.getDetails().containsKey("warning")).isEqualTo(warning);
    }

    @ParameterizedTest
    @CsvSource({"7999, 10000, false", "8000, 10000, true", "8000, -1, false"})
    void itWarnsWhenTheProcessHasNearlyAllItsMappings(long mappings, long limit, boolean warning) {
        Health health = indicator(
                        StatusFixture.with(Map.of("mappings", mappings, "mappingLimit", limit, "lockLimitBytes", -1L)))
                .health();
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails().containsKey("warning")).isEqualTo(warning);
    }

    @Test
    void itStaysUpWhenNoMoreMemoryCanBeLockedBecauseSecretsStayReadable() {
        long page = Starter.pageSize();
        limited(2 * page).run(context -> {
            SecretFactory secrets = context.getBean(SecretFactory.class);
            try (Secret secret = secrets.create("text".toCharArray())) {
                fill(context, 1);
                Health health = health(context);
                assertThat(health.getStatus()).isEqualTo(Status.UP);
                assertThat(health.getDetails())
                        .containsEntry("lockedPercent", 100L)
                        .containsEntry("lockedBytes", 2 * page);
                assertThat(health.getDetails().get("warning"))
                        .asString()
                        .startsWith("no more secrets can be made, while those that there are stay readable: ")
                        .contains("the limit is " + 2 * page);
                assertThat(health.getDetails().get("remedy")).asString().contains("Raise the limit");
                assertThat(secret.contentEquals("text".getBytes(StandardCharsets.UTF_8)))
                        .isTrue();
            }
            assertThat(health(context).getDetails()).doesNotContainKey("remedy");
        });
    }

    @Test
    void itStaysUpAndWarnsWhenNothingMayBeSealedInsteadOfProtected() {
        limited(10 * Starter.pageSize())
                .withPropertyValues("securememory.when-limit-reached=fail")
                .run(context -> {
                    fill(context, 10);
                    Health health = health(context);
                    assertThat(health.getStatus()).isEqualTo(Status.UP);
                    assertThat(health.getDetails())
                            .containsEntry("liveSecrets", 10L)
                            .containsEntry("liveSealed", 0L);
                    assertThat(health.getDetails().get("warning")).asString().contains("no more secrets can be made");
                });
    }

    @Test
    void itWarnsOfSecretsThatWereSealedInsteadOfProtectedAndStaysUp() {
        limited(10 * Starter.pageSize()).run(context -> {
            fill(context, 12 - Starter.SEALING_PAGES);
            Health health = health(context);
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails())
                    .containsEntry("liveSecrets", 9L)
                    .containsEntry("liveSealed", 2L)
                    .containsEntry("lockedPercent", 100L)
                    .containsEntry("degradedTotal", 2L);
            assertThat(health.getDetails().get("warning"))
                    .asString()
                    .contains("100 percent")
                    .contains("secrets are sealed instead of protected");
        });
    }

    @Test
    void itsOwnTestDoesNotCountAsSealedInsteadOfProtected(CapturedOutput output) {
        limited(10 * Starter.pageSize()).run(context -> {
            fill(context, 10 - Starter.SEALING_PAGES);
            Health health = health(context);
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails())
                    .containsEntry("lockedPercent", 100L)
                    .containsEntry("warning", "100 percent of the memory that may be locked is used")
                    .doesNotContainKey("degradedTotal");
            assertThat(context.getBean(SecureMemory.class).status().degradedTotal())
                    .isZero();
        });
        assertThat(output).doesNotContain("sealed instead");
    }

    /** At most one of both tells the truth, and only the session knows. */
    @ParameterizedTest
    @CsvSource({"FAIL, true", "SEAL, false"})
    void aSessionOfTheApplicationIsTestedByItsOwnSettings(WhenLimitReached whenLimitReached, boolean refuses) {
        long page = Starter.pageSize();
        WhenLimitReached other =
                whenLimitReached == WhenLimitReached.SEAL ? WhenLimitReached.FAIL : WhenLimitReached.SEAL;
        SecureMemoryOptions options = SecureMemoryOptions.builder()
                .whenLimitReached(whenLimitReached)
                .lockLimitBytes(10 * page)
                .leakDetection(LeakDetection.OFF)
                .build();
        Starter.runner()
                .withPropertyValues("securememory.when-limit-reached=" + other)
                .withBean("own", SecureMemory.class, () -> SecureMemory.create(options))
                .run(context -> {
                    fill(context, whenLimitReached == WhenLimitReached.SEAL ? 10 - Starter.SEALING_PAGES : 10);
                    assertThat(health(context).getDetails().containsKey("remedy"))
                            .isEqualTo(refuses);
                });
    }

    @Test
    void itIsUpWithoutAWarningWhenSecretsAreSealedAsAskedFor() {
        limited(10 * Starter.pageSize())
                .withPropertyValues("securememory.storage=sealed")
                .run(context -> {
                    fill(context, 100);
                    Health health = health(context);
                    assertThat(health.getStatus()).isEqualTo(Status.UP);
                    assertThat(health.getDetails())
                            .containsEntry("liveSealed", 100L)
                            .containsEntry("lockedPercent", 30L)
                            .doesNotContainKeys("degradedTotal", "warning");
                });
    }

    @Test
    void itTellsTheAgeOfTheLastRekeyIfThereWasOne() {
        assertThat(indicator(StatusFixture.with(Map.of("rekeyAgeMillis", 120L, "lockLimitBytes", -1L)))
                        .health()
                        .getDetails())
                .containsEntry("rekeyAgeMillis", 120L);
        assertThat(indicator(StatusFixture.with(Map.of("rekeyAgeMillis", -1L, "lockLimitBytes", -1L)))
                        .health()
                        .getDetails())
                .doesNotContainKey("rekeyAgeMillis");
    }

    @Test
    void itWarnsOfALimitThatIsTooSmallForAnySecret() {
        limited(1).run(context -> {
            Health health = health(context);
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails()).containsEntry("lockedPercent", 0L).containsKeys("warning", "remedy");
        });
        limited(0).run(context -> assertThat(health(context).getDetails()).containsEntry("lockedPercent", 100L));
    }

    @Test
    void itWarnsOfUnlockedMemoryUnderPolicyBestEffortAndStaysUp() {
        limited(0).withPropertyValues("securememory.mlock.policy=best-effort").run(context -> {
            fill(context, 1);
            Health health = health(context);
            assertThat(health.getStatus()).isEqualTo(Status.UP);
            assertThat(health.getDetails()).containsKeys("degradedTotal", "liveUnlocked");
            assertThat(health.getDetails().get("warning"))
                    .asString()
                    .contains("100 percent")
                    .contains("may be swapped");
        });
    }

    @Test
    void itIsDownOnACanaryViolation() {
        Health health = indicator(StatusFixture.with(Map.of("canaryViolationsTotal", 1L, "lockLimitBytes", 4096L)))
                .health();
        assertThat(health.getStatus()).isEqualTo(Status.DOWN);
        assertThat(health.getDetails())
                .containsEntry("canaryViolationsTotal", 1L)
                .containsKey("error")
                .containsKey("lockedPercent");
    }

    @Test
    void itIsDownWhenTheSelfTestFails() {
        session.close();
        assertThat(indicator(session.status()).health().getStatus()).isEqualTo(Status.DOWN);
    }

    @Test
    void withoutALimitThereIsNoPercentage() {
        Health health = indicator(StatusFixture.with(Map.of("lockedBytes", 4096L, "lockLimitBytes", -1L)))
                .health();
        assertThat(health.getStatus()).isEqualTo(Status.UP);
        assertThat(health.getDetails())
                .containsEntry("lockedBytes", 4096L)
                .doesNotContainKeys("lockLimitBytes", "lockedPercent", "warning");
    }

    private SecureMemoryHealthIndicator indicator(SecureMemoryStatus status) {
        return new SecureMemoryHealthIndicator(
                () -> status,
                new SelfTest(session),
                80,
                StatusFixture.nothingWatched(),
                new CanaryViolations(),
                StatusFixture.nothingFound(),
                StatusFixture.engine()::found);
    }

    private static ApplicationContextRunner limited(long bytes) {
        return Starter.runner()
                .withPropertyValues(Starter.KEEPS_DROPPED_SECRETS, "securememory.mlock.limit=" + bytes + "B");
    }

    /** Makes secrets that stay until the context closes. */
    private static void fill(ApplicationContext context, int secrets) {
        fill(context.getBean(SecretFactory.class), secrets);
    }

    private static void fill(SecretFactory factory, int secrets) {
        for (int i = 0; i < secrets; i++) {
            factory.createRandom(1);
        }
    }

    private static Health health(ApplicationContext context) {
        return context.getBean(SecureMemoryHealthIndicator.class).health();
    }
}
