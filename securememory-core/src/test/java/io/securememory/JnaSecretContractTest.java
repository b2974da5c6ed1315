package io.securememory;

import io.securememory.memcall.NativeAccess;

class JnaSecretContractTest extends SecretContract {

    @Override
    NativeAccess access() {
        return NativeAccess.JNA;
    }
}
