package io.securememory.spring.boot.autoconfigure.actuate;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.securememory.spring.boot.secrets.SecretRotation;
import java.util.Collection;

/** Metrics of the rotation of declared secrets, as sums over all of them. */
final class SecretRotationMeterBinder implements MeterBinder {

    private final Collection<SecretRotation> rotations;

    SecretRotationMeterBinder(Collection<SecretRotation> rotations) {
        this.rotations = rotations;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        FunctionCounter.builder(
                        "securememory.secrets.rotated",
                        rotations,
                        all -> all.stream().mapToLong(SecretRotation::rotations).sum())
                .description("Replacements of the content of declared secrets by the new content of their files")
                .register(registry);
        FunctionCounter.builder(
                        "securememory.secrets.reload.failed",
                        rotations,
                        all -> all.stream().mapToLong(SecretRotation::failures).sum())
                .description(
                        "Failed reads of the files of declared secrets after the start; each one counts while a problem lasts;"
                                + " the old content stays in use")
                .register(registry);
    }
}
