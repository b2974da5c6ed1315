package io.securememory.spring.boot.autoconfigure;

import io.securememory.ProtectionReport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Checks of protection that tests of other packages decide. */
public final class ProtectionChecks {

    private ProtectionChecks() {}

    public static ProtectionCheck of(Supplier<ProtectionReport> trial, LongSupplier nanoTime) {
        return new ProtectionCheck(trial, nanoTime);
    }
}
