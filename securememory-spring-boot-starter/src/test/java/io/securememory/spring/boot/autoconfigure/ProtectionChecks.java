package io.securememory.spring.boot.autoconfigure;

import io.securememory.ProtectionReport;
import io.securememory.jca.CryptoEngine;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Checks of protection that tests of other packages decide. */
public final class ProtectionChecks {

    private ProtectionChecks() {}

    /** An engine that a test chooses. */
    public static ChosenEngine engine(Supplier<CryptoEngine> choice) {
        return new ChosenEngine(choice);
    }

    public static ProtectionCheck of(Supplier<ProtectionReport> trial, LongSupplier nanoTime) {
        return new ProtectionCheck(trial, nanoTime);
    }
}
