package io.securememory.spring.boot.autoconfigure.actuate;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.securememory.SecureMemoryStatus;
import io.securememory.Storage;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;

/**
 * Metrics {@code securememory.*} of one session.
 *
 * <p>Registries refer to the source of the numbers weakly, and this object refers to it strongly. So the metrics live as long
 * as the bean.
 */
final class SecureMemoryMeterBinder implements MeterBinder {

    private final Supplier<SecureMemoryStatus> session;

    SecureMemoryMeterBinder(Supplier<SecureMemoryStatus> session) {
        this.session = session;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        secretsLive(Storage.PROTECTED, SecureMemoryStatus::liveProtected, registry);
        secretsLive(Storage.SEALED, SecureMemoryStatus::liveSealed, registry);
        gauge("buffers.live", SecureMemoryStatus::liveBuffers)
                .description("Buffers of the expert API that are not released yet")
                .register(registry);
        gauge("enclaves.live", SecureMemoryStatus::liveEnclaves)
                .description("Enclaves of the expert API that are neither closed nor purged")
                .register(registry);
        gauge("unlocked.live", SecureMemoryStatus::liveUnlocked)
                .description(
                        "What is in memory that could not be locked under policy best-effort, and may be swapped: secrets,"
                                + " buffers, windows and keys")
                .register(registry);
        gauge("sealing.windows", SecureMemoryStatus::sealingWindows)
                .description("Guarded windows that sealed secrets are opened into, in use or idle")
                .register(registry);
        memory(registry);
        totals(registry);
        FunctionTimer.builder(
                        "securememory.rekey",
                        session,
                        source -> source.get().rekeysTotal(),
                        ofStatus(SecureMemoryStatus::rekeyNanosTotal),
                        TimeUnit.NANOSECONDS)
                .description("Replacements of both halves of the key of sealed secrets")
                .register(registry);
    }

    private void secretsLive(Storage storage, ToLongFunction<SecureMemoryStatus> value, MeterRegistry registry) {
        gauge("secrets.live", value)
                .tag("storage", storage.name().toLowerCase(Locale.ROOT))
                .description("Secrets that are not released yet")
                .register(registry);
    }

    private void memory(MeterRegistry registry) {
        gauge("memory.locked", SecureMemoryStatus::lockedBytes)
                .description("Memory that is locked, in whole pages")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        gauge("memory.idle", SecureMemoryStatus::idleBytes)
                .description(
                        "Part of the locked memory that is wiped and kept for reuse, and given up when a limit is reached")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        Gauge.builder("securememory.memory.limit", session, limit(SecureMemoryStatus::lockLimitBytes))
                .description("Most memory that may be locked; not a number if there is no limit")
                .baseUnit(BaseUnits.BYTES)
                .register(registry);
        gauge("mappings", SecureMemoryStatus::mappings)
                .description(
                        "Mappings that count against the limit, at most: those of protected memory, and those of the rest of"
                                + " the process once the kernel was asked, which is from a sixty-fourth of vm.max_map_count on")
                .register(registry);
        Gauge.builder("securememory.mappings.limit", session, limit(SecureMemoryStatus::mappingLimit))
                .description("Mappings at which no more protected memory is mapped; not a number if there is no limit")
                .register(registry);
    }

    private void totals(MeterRegistry registry) {
        counter(
                "secrets.made",
                "Secrets and buffers made; each read of a declared secret makes two or three of them",
                SecureMemoryStatus::createdTotal,
                registry);
        counter("secrets.closed", "Secrets and buffers released", SecureMemoryStatus::closedTotal, registry);
        counter(
                "secrets.leaked",
                "Secrets and buffers that became unreachable while open",
                SecureMemoryStatus::leakedTotal,
                registry);
        counter(
                "rekey.failures",
                "Replacements of both halves of the key of sealed secrets that failed; the next interval tries again",
                SecureMemoryStatus::rekeyFailuresTotal,
                registry);
        counter("purges", "Purges of the session", SecureMemoryStatus::purgesTotal, registry);
        counter(
                "canary.violations",
                "Overwritten canaries found: something wrote outside the bounds of a secret",
                SecureMemoryStatus::canaryViolationsTotal,
                registry);
        counter(
                "secrets.degraded",
                "Secrets and buffers that could not be locked under policy best-effort, and secrets that were sealed instead"
                        + " of protected",
                SecureMemoryStatus::degradedTotal,
                registry);
    }

    /** The limit can change while the process runs, so the meter exists even while there is no limit. */
    private static ToDoubleFunction<Supplier<SecureMemoryStatus>> limit(ToLongFunction<SecureMemoryStatus> value) {
        return session -> {
            long limit = value.applyAsLong(session.get());
            return limit < 0 ? Double.NaN : limit;
        };
    }

    private Gauge.Builder<Supplier<SecureMemoryStatus>> gauge(String name, ToLongFunction<SecureMemoryStatus> value) {
        return Gauge.builder("securememory." + name, session, ofStatus(value));
    }

    private void counter(
            String name, String description, ToLongFunction<SecureMemoryStatus> value, MeterRegistry registry) {
        FunctionCounter.builder("securememory." + name, session, ofStatus(value))
                .description(description)
                .register(registry);
    }

    private static ToDoubleFunction<Supplier<SecureMemoryStatus>> ofStatus(ToLongFunction<SecureMemoryStatus> value) {
        return session -> value.applyAsLong(session.get());
    }
}
