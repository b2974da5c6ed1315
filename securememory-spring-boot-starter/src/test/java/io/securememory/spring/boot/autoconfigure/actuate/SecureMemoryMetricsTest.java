package io.securememory.spring.boot.autoconfigure.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryStatus;
import io.securememory.Storage;
import io.securememory.spring.boot.SecretStore;
import io.securememory.spring.boot.testsupport.Starter;
import java.lang.ref.Reference;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;

@org.junit.jupiter.api.Tag("boot")
class SecureMemoryMetricsTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();
    private final SecureMemoryStatus status = StatusFixture.withDifferentCounts();
    private final SecureMemoryMeterBinder binder = new SecureMemoryMeterBinder(() -> status);

    @Test
    void theyAreBoundToTheRegistryOfTheApplication() {
        long page = Starter.pageSize();
        Starter.runner()
                .withPropertyValues(Starter.KEEPS_DROPPED_SECRETS, "securememory.mlock.limit=" + 16 * page + "B")
                .withConfiguration(AutoConfigurations.of(
                        MetricsAutoConfiguration.class,
                        CompositeMeterRegistryAutoConfiguration.class,
                        SimpleMetricsExportAutoConfiguration.class))
                .run(context -> {
                    SecureMemory session = context.getBean(SecureMemory.class);
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    session.secrets().createRandom(1).close();
                    session.secrets().createRandom(1);
                    session.secrets(Storage.SEALED).createRandom(1);
                    session.secrets(Storage.SEALED).createRandom(1);
                    session.memGuard().random(1);

                    assertThat(live(meters, "protected")).isEqualTo(1);
                    assertThat(live(meters, "sealed")).isEqualTo(2);
                    assertThat(gauge(meters, "securememory.sealing.windows")).isEqualTo(1);
                    assertThat(gauge(meters, "securememory.memory.locked"))
                            .isEqualTo((Starter.SEALING_PAGES + 2) * page);
                    assertThat(gauge(meters, "securememory.memory.limit")).isEqualTo(16 * page);
                    assertThat(meters.get("securememory.purges")
                                    .functionCounter()
                                    .count())
                            .isZero();
                    session.purge();
                    assertThat(meters.get("securememory.purges")
                                    .functionCounter()
                                    .count())
                            .isEqualTo(1);
                    assertThat(live(meters, "protected")).isZero();
                    assertThat(live(meters, "sealed")).isZero();
                    assertThat(gauge(meters, "securememory.memory.locked")).isEqualTo(Starter.SEALING_PAGES * page);
                });
    }

    private static double gauge(MeterRegistry meters, String name) {
        return meters.get(name).gauge().value();
    }

    private static double live(MeterRegistry meters, String storage) {
        return meters.get("securememory.secrets.live")
                .tag("storage", storage)
                .gauge()
                .value();
    }

    /** As README says. */
    @Test
    void eachReadOfADeclaredSecretCountsAsWhatIsMadeForIt(@TempDir Path directory) {
        Path file = Starter.write(directory, "key", "text\n");
        Starter.runner()
                .withPropertyValues(Starter.location("key", file), Starter.KEEPS_DROPPED_SECRETS)
                .run(context -> {
                    new SecureMemoryMeterBinder(context.getBean(SecureMemory.class)::status).bindTo(registry);
                    assertThat(made())
                            .as("text, what it is without its line break, and the secret")
                            .isEqualTo(3);
                    assertThat(context.getBean(SecretStore.class).reload("key")).isFalse();
                    assertThat(made()).as("with the same content").isEqualTo(6);
                    Starter.write(directory, "key", "text");
                    assertThat(context.getBean(SecretStore.class).reload("key")).isFalse();
                    assertThat(made()).as("with nothing to take off").isEqualTo(8);
                });
    }

    private double made() {
        return registry.get("securememory.secrets.made").functionCounter().count();
    }

    @Test
    void theDescriptionOfMappingsSaysWhoseTheyAre() {
        binder.bindTo(registry);
        assertThat(registry.get("securememory.mappings").gauge().getId().getDescription())
                .isEqualTo(
                        "Mappings that count against the limit, at most: those of protected memory, and those of the rest of"
                                + " the process once the kernel was asked, which is from a sixty-fourth of vm.max_map_count on");
    }

    @Test
    void thereAreNoneWithoutARegistry() {
        Starter.runner().run(context -> assertThat(context).doesNotHaveBean(SecureMemoryMeterBinder.class));
    }

    @Test
    void eachShowsItsOwnNumber() {
        binder.bindTo(registry);
        assertThat(registry.getMeters())
                .extracting(meter -> entry(name(meter.getId()), (long)
                        meter.measure().iterator().next().getValue()))
                .containsExactlyInAnyOrder(
                        entry("securememory.secrets.live{storage=protected}", status.liveProtected()),
                        entry("securememory.secrets.live{storage=sealed}", status.liveSealed()),
                        entry("securememory.buffers.live", status.liveBuffers()),
                        entry("securememory.enclaves.live", status.liveEnclaves()),
                        entry("securememory.sealing.windows", status.sealingWindows()),
                        entry("securememory.rekey", status.rekeysTotal()),
                        entry("securememory.memory.locked", status.lockedBytes()),
                        entry("securememory.memory.limit", status.lockLimitBytes()),
                        entry("securememory.mappings", status.mappings()),
                        entry("securememory.mappings.limit", status.mappingLimit()),
                        entry("securememory.memory.idle", status.idleBytes()),
                        entry("securememory.unlocked.live", status.liveUnlocked()),
                        entry("securememory.rekey.failures", status.rekeyFailuresTotal()),
                        entry("securememory.secrets.made", status.createdTotal()),
                        entry("securememory.secrets.closed", status.closedTotal()),
                        entry("securememory.secrets.leaked", status.leakedTotal()),
                        entry("securememory.purges", status.purgesTotal()),
                        entry("securememory.canary.violations", status.canaryViolationsTotal()),
                        entry("securememory.secrets.degraded", status.degradedTotal()));
    }

    private static String name(Meter.Id id) {
        return id.getTags().stream()
                .map(tag -> "{" + tag.getKey() + "=" + tag.getValue() + "}")
                .collect(Collectors.joining("", id.getName(), ""));
    }

    @Test
    void rekeyingIsTimed() {
        SecureMemoryStatus rekeyed = StatusFixture.with(Map.of("rekeysTotal", 4L, "rekeyNanosTotal", 6_000L));
        var ofRekeyed = new SecureMemoryMeterBinder(() -> rekeyed);
        ofRekeyed.bindTo(registry);
        FunctionTimer timer = registry.get("securememory.rekey").functionTimer();
        assertThat(timer.count()).isEqualTo(4);
        assertThat(timer.totalTime(TimeUnit.NANOSECONDS)).isEqualTo(6_000);
        assertThat(timer.mean(TimeUnit.NANOSECONDS)).isEqualTo(1_500);
    }

    @ParameterizedTest
    @CsvSource({
        "securememory.secrets.live,      GAUGE,   ,      storage",
        "securememory.secrets.made,      COUNTER, ,      ''",
        "securememory.secrets.closed,    COUNTER, ,      ''",
        "securememory.secrets.leaked,    COUNTER, ,      ''",
        "securememory.buffers.live,      GAUGE,   ,      ''",
        "securememory.enclaves.live,     GAUGE,   ,      ''",
        "securememory.sealing.windows,   GAUGE,   ,      ''",
        "securememory.memory.locked,     GAUGE,   bytes, ''",
        "securememory.memory.limit,      GAUGE,   bytes, ''",
        "securememory.mappings,          GAUGE,   ,      ''",
        "securememory.mappings.limit,    GAUGE,   ,      ''",
        "securememory.rekey,             TIMER, seconds, ''",
        "securememory.purges,            COUNTER, ,      ''",
        "securememory.rekey.failures,    COUNTER, ,      ''",
        "securememory.unlocked.live,     GAUGE,   ,      ''",
        "securememory.memory.idle,       GAUGE,   bytes, ''",
        "securememory.canary.violations, COUNTER, ,      ''",
        "securememory.secrets.degraded,  COUNTER, ,      ''"
    })
    void eachHasItsTypeUnitTagsAndADescription(String name, Meter.Type type, String unit, String tag) {
        binder.bindTo(registry);
        assertThat(registry.get(name).meters()).hasSize(tag.isEmpty() ? 1 : 2).allSatisfy(meter -> {
            assertThat(meter.getId().getType()).isEqualTo(type);
            assertThat(meter.getId().getBaseUnit()).isEqualTo(unit);
            assertThat(meter.getId().getTags())
                    .extracting(Tag::getKey)
                    .containsExactly(tag.isEmpty() ? new String[0] : new String[] {tag});
            assertThat(meter.getId().getDescription()).isNotBlank();
        });
    }

    /** Names that dashboards and alerts are written with, as the registry itself writes them. */
    @ParameterizedTest
    @CsvSource({
        "securememory_secrets_live,                gauge,   2",
        "securememory_secrets_made_total,          counter, 1",
        "securememory_secrets_closed_total,        counter, 1",
        "securememory_secrets_leaked_total,        counter, 1",
        "securememory_secrets_degraded_total,      counter, 1",
        "securememory_secrets_rotated_total,       counter, 1",
        "securememory_secrets_reload_failed_total, counter, 1",
        "securememory_bundles_reload_failed_total, counter, 1",
        "securememory_watch_files,                 gauge,   12",
        "securememory_watch_age_seconds,           gauge,   2",
        "securememory_buffers_live,                gauge,   1",
        "securememory_enclaves_live,               gauge,   1",
        "securememory_unlocked_live,               gauge,   1",
        "securememory_sealing_windows,             gauge,   1",
        "securememory_memory_locked_bytes,         gauge,   1",
        "securememory_memory_idle_bytes,           gauge,   1",
        "securememory_memory_limit_bytes,          gauge,   1",
        "securememory_mappings,                    gauge,   1",
        "securememory_mappings_limit,              gauge,   1",
        "securememory_rekey_seconds,               summary, 2",
        "securememory_rekey_failures_total,        counter, 1",
        "securememory_purges_total,                counter, 1",
        "securememory_canary_violations_total,     counter, 1"
    })
    void prometheusReadsEachUnderANameOfItsOwnStyle(String name, String type, int series) {
        List<String> lines = scraped();
        assertThat(lines).contains("# TYPE " + name + " " + type);
        assertThat(lines).anyMatch(line -> line.matches("# HELP " + name + " \\w.*\\w"));
        assertThat(lines.stream().filter(line -> line.matches(name + "(_count|_sum)?(\\{.*})? .*")))
                .hasSize(series);
    }

    @Test
    void prometheusHasNoOthers() {
        assertThat(scraped().stream().filter(line -> line.startsWith("# TYPE"))).hasSize(23);
    }

    private List<String> scraped() {
        var prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        var watchBinder = new WatchMeterBinder(List::of);
        var rotationBinder = new SecretRotationMeterBinder(List.of());
        binder.bindTo(prometheus);
        watchBinder.bindTo(prometheus);
        rotationBinder.bindTo(prometheus);
        List<String> lines = prometheus.scrape().lines().toList();
        Reference.reachabilityFence(watchBinder);
        Reference.reachabilityFence(rotationBinder);
        return lines;
    }

    @Test
    void withoutALimitItsValueIsNotANumber() {
        var ofUnlimited = new SecureMemoryMeterBinder(
                () -> StatusFixture.with(Map.of("lockLimitBytes", -1L, "mappingLimit", -1L)));
        ofUnlimited.bindTo(registry);
        assertThat(registry.get("securememory.memory.limit").gauge().value()).isNaN();
        assertThat(registry.get("securememory.mappings.limit").gauge().value()).isNaN();
    }
}
