package io.securememory.spring.boot.autoconfigure.actuate;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.securememory.spring.boot.watch.WatchState;
import io.securememory.spring.boot.watch.WatchStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Metrics of the watch over files, as sums over all secrets and over all bundles. No name of a secret or bundle is a tag.
 *
 * <p>Registries refer to the source of the numbers weakly, and this object refers to it strongly.
 */
final class WatchMeterBinder implements MeterBinder {

    private static final double MILLIS_PER_SECOND = 1_000.0;

    private final Supplier<List<WatchStatus>> states;

    WatchMeterBinder(Supplier<List<WatchStatus>> states) {
        this.states = states;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (String kind : List.of(WatchStatus.SECRET, WatchStatus.BUNDLE)) {
            for (WatchState state : WatchState.values()) {
                Gauge.builder("securememory.watch.files", states, all -> count(all.get(), kind, state))
                        .tag("kind", kind)
                        .tag("state", state.word())
                        .description(
                                "Declared secrets from files and SSL bundles, by how the content in use relates to the files")
                        .register(registry);
            }
            TimeGauge.builder("securememory.watch.age", states, TimeUnit.SECONDS, all -> oldest(all.get(), kind))
                    .tag("kind", kind)
                    .description(
                            "Age of the last successful file check of that watched secret or bundle whose last one is"
                                    + " the oldest; not a number if none is watched")
                    .register(registry);
        }
        FunctionCounter.builder("securememory.bundles.reload.failed", states, all -> failures(all.get()))
                .description("Failed checks of the files of SSL bundles; each one counts while a problem lasts; the old"
                        + " content stays in use")
                .register(registry);
    }

    private static double count(List<WatchStatus> states, String kind, WatchState state) {
        return states.stream()
                .filter(one -> one.kind().equals(kind) && one.state() == state)
                .count();
    }

    private static double oldest(List<WatchStatus> states, String kind) {
        Duration age = WatchReport.oldest(states, kind);
        return age == null ? Double.NaN : age.toMillis() / MILLIS_PER_SECOND;
    }

    private static double failures(List<WatchStatus> states) {
        return states.stream()
                .filter(one -> one.kind().equals(WatchStatus.BUNDLE))
                .mapToLong(WatchStatus::failures)
                .sum();
    }
}
