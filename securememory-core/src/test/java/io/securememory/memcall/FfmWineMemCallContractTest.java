package io.securememory.memcall;

import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.JRE;

@EnabledForJreRange(min = JRE.JAVA_22)
@EnabledIf(value = "io.securememory.memcall.WineHost#isHere", disabledReason = "this JVM is not in a Wine process")
class FfmWineMemCallContractTest extends WineMemCallContract {

    @Override
    NativeAccess access() {
        return NativeAccess.FFM;
    }
}
