package io.securememory.memguard;

import io.securememory.memcall.NativeAccess;

class JnaLockedBufferContractTest extends LockedBufferContract {

    @Override
    NativeAccess access() {
        return NativeAccess.JNA;
    }
}
