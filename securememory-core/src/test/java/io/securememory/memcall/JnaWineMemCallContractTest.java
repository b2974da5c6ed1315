package io.securememory.memcall;

class JnaWineMemCallContractTest extends WineMemCallContract {

    @Override
    NativeAccess access() {
        return NativeAccess.JNA;
    }
}
