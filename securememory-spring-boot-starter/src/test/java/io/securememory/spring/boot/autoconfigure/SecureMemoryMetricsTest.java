package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.securememory.SecureMemory;
import io.securememory.SecureMemoryStatus;
import java.util.Map;
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
                .withPropertyValues("securememory.mlock.limit=" + 8 * page + "B")
                .withConfiguration(AutoConfigurations.of(
                        MetricsAutoConfiguration.class,
                        CompositeMeterRegistryAutoConfiguration.class,
                        SimpleMetricsExportAutoConfiguration.class))
                .run(context -> {
                    SecureMemory session = context.getBean(SecureMemory.class);
                    MeterRegistry meters = context.getBean(MeterRegistry.class);
                    session.secrets().createRandom(1).close();
                    session.secrets().createRandom(1);
                    session.memGuard().random(1);

                    assertThat(meters.get("securememory.secrets.live")
                                    .tag("storage", "protected")
                                    .gauge()
                                    .value())
                            .isEqualTo(1);
                    assertThat(meters.get("securememory.memory.locked").gauge().value())
                            .isEqualTo(2 * page);
                    assertThat(meters.get("securememory.memory.limit").gauge().value())
                            .isEqualTo(8 * page);
                    assertThat(meters.get("securememory.purge")
                                    .functionCounter()
                                    .count())
                            .isZero();
                    session.purge();
                    assertThat(meters.get("securememory.purge")
                                    .functionCounter()
                                    .count())
                            .isEqualTo(1);
                    assertThat(meters.get("securememory.memory.locked").gauge().value())
                            .isZero();
                });
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
                .extracting(meter -> entry(meter.getId().getName(), (long)
                        meter.measure().iterator().next().getValue()))
                .containsExactlyInAnyOrder(
                        entry("securememory.secrets.live", status.liveProtected()),
                        entry("securememory.buffers.live", status.liveBuffers()),
                        entry("securememory.memory.locked", status.lockedBytes()),
                        entry("securememory.memory.limit", status.lockLimitBytes()),
                        entry("securememory.secrets.created", status.createdTotal()),
                        entry("securememory.secrets.closed", status.closedTotal()),
                        entry("securememory.secrets.leaked", status.leakedTotal()),
                        entry("securememory.purge", status.purgesTotal()),
                        entry("securememory.canary.violations", status.canaryViolationsTotal()),
                        entry("securememory.degraded", status.degradedTotal()));
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
