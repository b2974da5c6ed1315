package io.securememory.spring.boot.autoconfigure;

import io.securememory.ProtectionReport;
import io.securememory.SecureMemory;
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

    /** The provider in the JVM's list, until it is closed. */
    public static ProviderRegistration provider(SecureMemory session) {
        return new ProviderRegistration(session);
    }

    public static ProtectionCheck of(Supplier<ProtectionReport> trial, LongSupplier nanoTime) {
        return new ProtectionCheck(trial, nanoTime);
    }
}
