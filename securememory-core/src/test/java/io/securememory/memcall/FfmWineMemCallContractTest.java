package io.securememory.memcall;

import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@EnabledForJreRange(min = JRE.JAVA_22)
class FfmWineMemCallContractTest extends WineMemCallContract {

    @Override
    NativeAccess access() {
        return NativeAccess.FFM;
    }
}
