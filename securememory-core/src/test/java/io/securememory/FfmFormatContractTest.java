package io.securememory;

import io.securememory.memcall.NativeAccess;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@EnabledForJreRange(min = JRE.JAVA_22)
class FfmFormatContractTest extends FormatContract {

    @Override
    NativeAccess access() {
        return NativeAccess.FFM;
    }
}
