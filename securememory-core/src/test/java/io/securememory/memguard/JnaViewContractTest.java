package io.securememory.memguard;

import io.securememory.memcall.NativeAccess;

class JnaViewContractTest extends ViewContract {

    @Override
    NativeAccess access() {
        return NativeAccess.JNA;
    }
}
