package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.UnsupportedPlatformException;
import io.securememory.testing.OnEverySystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.condition.OS;

@OnEverySystem
class MemCallsTest {

    @Test
    @EnabledOnOs(OS.LINUX)
    @EnabledForJreRange(max = JRE.JAVA_21)
    void beforeJava22TheDefaultIsJnaAndFfmIsRefusedWithTheRemedy() {
        assertThat(MemCalls.system().name()).isEqualTo("jna");
        assertThatExceptionOfType(UnsupportedPlatformException.class)
                .isThrownBy(() -> MemCalls.lookup(NativeAccess.FFM))
                .withMessageContaining("Java 22")
                .withMessageContaining("jna");
    }
}
