package io.securememory.testing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class NeedsTest {

    @Test
    void whatIsMissingLeavesTheTestOutAndIsNamed() {
        assertThatExceptionOfType(TestAbortedException.class)
                .isThrownBy(() -> Needs.launcher("no-such-program"))
                .withMessageContaining("needs [no-such-program, true]");
        assertThatExceptionOfType(TestAbortedException.class)
                .isThrownBy(() -> Needs.javaOptions("-XX:+UseNoSuchGC"))
                .withMessageContaining("UseNoSuchGC");
    }

    @Test
    void whatIsThereChangesNothing() {
        assertThatCode(() -> {
                    Needs.launcher("env");
                    Needs.javaOptions("-XX:+UseSerialGC");
                })
                .doesNotThrowAnyException();
    }
}
