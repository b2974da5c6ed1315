package io.securememory.memguard;

import io.securememory.memcall.NativeAccess;

class JnaEnclaveContractTest extends EnclaveContract {

    @Override
    NativeAccess access() {
        return NativeAccess.JNA;
    }
}
