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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({"Linux,amd64", "Linux,aarch64", "linux,s390x"})
    void linuxIsSupportedOnProcessorsWithTheGenericConstants(String name, String processor) {
        assertThat(Platform.of(name, processor)).isEqualTo(Platform.LINUX);
    }

    @ParameterizedTest
    @CsvSource({"Windows 11,amd64", "Mac OS X,aarch64", "FreeBSD,amd64", "Linux,mips64el", "Linux,x86", "'',''"})
    void otherPlatformsAreRefusedByName(String name, String processor) {
        assertThatExceptionOfType(UnsupportedPlatformException.class)
                .isThrownBy(() -> Platform.of(name, processor))
                .withMessageContaining(name + " on " + processor)
                .withMessageContaining("Supported: Linux");
    }

    @ParameterizedTest
    @CsvSource({"1,EPERM", "11,EAGAIN", "12,ENOMEM", "22,EINVAL", "38,ENOSYS", "9999,errno 9999"})
    void errorNumbersHaveNames(int errno, String name) {
        assertThat(Errno.nameOf(errno)).isEqualTo(name);
    }
}
