package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@EnabledForJreRange(min = JRE.JAVA_22)
class FfmMemCallContractTest extends MemCallContract {

    @Override
    NativeAccess access() {
        return NativeAccess.FFM;
    }

    @Test
    void isTheDefault() {
        assertThat(MemCalls.system().name()).isEqualTo("ffm");
    }
}
