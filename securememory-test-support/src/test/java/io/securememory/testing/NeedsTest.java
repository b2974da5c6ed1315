package io.securememory.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class NeedsTest {

    @Test
    void whatIsThereIsUsed() {
        assertThatCode(() -> Needs.command("nothing to do", "true")).doesNotThrowAnyException();
        assertThat(Needs.tool("java")).isRegularFile();
        assertThat(Needs.compiler()).isNotNull();
    }

    @Test
    void whatIsMissingOrFailsLeavesTheTestOutWithTheRemedy() {
        assertThatExceptionOfType(TestAbortedException.class)
                .isThrownBy(() -> Needs.command("install it", "no-such-command-here"))
                .withMessageContaining("no-such-command-here does not work here")
                .withMessageContaining("install it");
        assertThatExceptionOfType(TestAbortedException.class)
                .isThrownBy(() -> Needs.command("be root", "sh", "-c", "echo not you; exit 4"))
                .withMessageContaining("it ended with 4, not you");
        assertThatExceptionOfType(TestAbortedException.class)
                .isThrownBy(() -> Needs.tool("no-such-tool"))
                .withMessageContaining("no-such-tool");
    }

    @Test
    void whatStartsOthersAndOptionsOfJavaAreTried() {
        assertThatCode(() -> {
                    Needs.launcher("env");
                    Needs.javaOptions("-XX:+UseSerialGC");
                })
                .doesNotThrowAnyException();
        assertThatExceptionOfType(TestAbortedException.class)
                .isThrownBy(() -> Needs.launcher("no-such-program"))
                .withMessageContaining("no-such-program true does not work here");
        assertThatExceptionOfType(TestAbortedException.class)
                .isThrownBy(() -> Needs.javaOptions("-XX:+UseNoSuchGC"))
                .withMessageContaining("UseNoSuchGC");
    }
}
