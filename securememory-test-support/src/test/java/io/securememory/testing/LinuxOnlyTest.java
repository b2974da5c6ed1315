package io.securememory.testing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

@OnEverySystem
class LinuxOnlyTest {

    @OnEverySystem
    static class NotBound {
        static class Inner {}
    }

    @Test
    void whatIsBoundToLinuxIsLeftOutElsewhere() {
        assertThat(LinuxOnly.evaluate("Linux", NotBound.class).isDisabled()).isFalse();
        assertThat(LinuxOnly.evaluate("Mac OS X", NotBound.class).isDisabled()).isFalse();
        assertThat(LinuxOnly.evaluate("Windows 11", NotBound.Inner.class).isDisabled())
                .isFalse();
    }

    @Test
    void whatIsNotMarkedRunsOnLinuxOnlyAndSaysSo() {
        Class<?> type = EndingTest.class;
        assertThat(LinuxOnly.evaluate("Linux", type).isDisabled()).isFalse();
        assertThat(LinuxOnly.evaluate("Mac OS X", type).isDisabled()).isTrue();
        assertThat(LinuxOnly.evaluate("Mac OS X", type).getReason()).contains("bound to Linux, and this is Mac OS X");
    }
}
