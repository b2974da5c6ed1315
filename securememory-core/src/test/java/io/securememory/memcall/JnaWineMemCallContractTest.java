package io.securememory.memcall;

import org.junit.jupiter.api.condition.EnabledIf;

@EnabledIf(value = "io.securememory.memcall.WineHost#isHere", disabledReason = "this JVM is not in a Wine process")
class JnaWineMemCallContractTest extends WineMemCallContract {

    @Override
    NativeAccess access() {
        return NativeAccess.JNA;
    }
}
