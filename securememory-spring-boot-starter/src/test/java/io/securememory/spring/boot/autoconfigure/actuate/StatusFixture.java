package io.securememory.spring.boot.autoconfigure.actuate;

import io.securememory.ProtectionReport;
import io.securememory.SecureMemoryStatus;
import io.securememory.jca.CryptoEngine;
import io.securememory.spring.boot.autoconfigure.ChosenEngine;
import io.securememory.spring.boot.autoconfigure.ProtectionChecks;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** Makes a status by the names of its components, which get more over time. */
final class StatusFixture {

    private StatusFixture() {}

    /** A status of zeros, but for the components that are given, in which no secret was ever sealed instead of protected. */
    static SecureMemoryStatus with(Map<String, Long> values) {
        return of(component -> values.getOrDefault(
                component.getName(), component.getName().equals("sealedInsteadAgeMillis") ? -1L : 0L));
    }

    /** A status whose counts are all different. */
    static SecureMemoryStatus withDifferentCounts() {
        AtomicLong next = new AtomicLong();
        return of(component -> next.incrementAndGet());
    }

    static WatchReport nothingWatched() {
        return new WatchReport(List::of, false);
    }

    /** A report without items. */
    static Supplier<ProtectionReport> nothingFound() {
        return () -> new ProtectionReport(List.of(), "");
    }

    /** The engine of this machine. */
    static ChosenEngine engine() {
        return ProtectionChecks.engine(() -> CryptoEngine.choose(CryptoEngine.Choice.AUTO, null));
    }

    private static SecureMemoryStatus of(ToLongFunction<RecordComponent> count) {
        RecordComponent[] components = SecureMemoryStatus.class.getRecordComponents();
        Class<?>[] types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Stream.of(components)
                .map(component -> component.getType() == String.class ? "text" : (Object) count.applyAsLong(component))
                .toArray();
        try {
            return SecureMemoryStatus.class.getDeclaredConstructor(types).newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
