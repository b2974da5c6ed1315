package io.securememory.memguard;

import io.securememory.memcall.NativeAccess;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

@EnabledForJreRange(min = JRE.JAVA_22)
class FfmViewContractTest extends ViewContract {

    @Override
    NativeAccess access() {
        return NativeAccess.FFM;
    }
}
