package io.securememory;

import io.securememory.memcall.NativeAccess;

class JnaSealedSecretContractTest extends SecretContract {

    @Override
    NativeAccess access() {
        return NativeAccess.JNA;
    }

    @Override
    Storage storage() {
        return Storage.SEALED;
    }
}
