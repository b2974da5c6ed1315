package io.securememory.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.ChildJvm;
import io.securememory.testing.Result;
import org.junit.jupiter.api.Test;

/** The provider is in the list of the JVM while a context is open. */
class ProviderRegistrationTest {

    @Test
    void theProviderIsInTheListOnceAndNoLongerThanItIsNeeded() {
        Result result = ChildJvm.onTestClassPath(ProviderRegistrationProgram.class)
                .withNativeAccess()
                .quickStart()
                .run();

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(result.output()).contains("all checks passed");
    }
}
