package io.securememory.memguard;

import io.securememory.memcall.NativeAccess;

class JnaLentBufferContractTest extends LentBufferContract {

    @Override
    NativeAccess access() {
        return NativeAccess.JNA;
    }
}
