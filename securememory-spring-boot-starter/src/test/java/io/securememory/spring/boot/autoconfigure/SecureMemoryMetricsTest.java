package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryStatus;
import io.securememory.Storage;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;

class SecureMemoryMetricsTest {

    private final MeterRegistry registry = new SimpleMeterRegistry();

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
                    assertThat(meters.get("securememory.purge")
                                    .functionCounter()
                                    .count())
                            .isZero();
                    session.purge();
                    assertThat(meters.get("securememory.purge")
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

    @Test
    void thereAreNoneWithoutARegistry() {
        Starter.runner().run(context -> assertThat(context).doesNotHaveBean(SecureMemoryMeterBinder.class));
    }

    @Test
    void eachShowsItsOwnNumber() {
        SecureMemoryStatus status = StatusFixture.withDifferentCounts();
        var binder = new SecureMemoryMeterBinder(() -> status);
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
                        entry("securememory.secrets.created", status.createdTotal()),
                        entry("securememory.secrets.closed", status.closedTotal()),
                        entry("securememory.secrets.leaked", status.leakedTotal()),
                        entry("securememory.purge", status.purgesTotal()),
                        entry("securememory.canary.violations", status.canaryViolationsTotal()),
                        entry("securememory.degraded", status.degradedTotal()));
    }

    private static String name(Meter.Id id) {
        return id.getTags().stream()
                .map(tag -> "{" + tag.getKey() + "=" + tag.getValue() + "}")
                .collect(Collectors.joining("", id.getName(), ""));
    }

    @Test
    void rekeyingIsTimed() {
        SecureMemoryStatus status = StatusFixture.with(Map.of("rekeysTotal", 4L, "rekeyNanosTotal", 6_000L));
        var binder = new SecureMemoryMeterBinder(() -> status);
        binder.bindTo(registry);
        FunctionTimer timer = registry.get("securememory.rekey").functionTimer();
        assertThat(timer.count()).isEqualTo(4);
        assertThat(timer.totalTime(TimeUnit.NANOSECONDS)).isEqualTo(6_000);
        assertThat(timer.mean(TimeUnit.NANOSECONDS)).isEqualTo(1_500);
    }

    @Test
    void eachHasADescriptionAndThoseOfMemoryAreInBytes() {
        var binder = new SecureMemoryMeterBinder(StatusFixture::withDifferentCounts);
        binder.bindTo(registry);
        assertThat(registry.getMeters()).isNotEmpty().allSatisfy(meter -> {
            assertThat(meter.getId().getDescription()).isNotBlank();
            boolean ofMemory = meter.getId().getName().startsWith("securememory.memory.");
            assertThat("bytes".equals(meter.getId().getBaseUnit())).isEqualTo(ofMemory);
        });
    }

    @Test
    void withoutALimitItsValueIsNotANumber() {
        var binder = new SecureMemoryMeterBinder(() -> StatusFixture.with(Map.of("lockLimitBytes", -1L)));
        binder.bindTo(registry);
        assertThat(registry.get("securememory.memory.limit").gauge().value()).isNaN();
    }
}
