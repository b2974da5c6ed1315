package io.securememory;

import io.securememory.memcall.NativeAccess;

class JnaFormatContractTest extends FormatContract {

    @Override
    NativeAccess access() {
        return NativeAccess.JNA;
    }
}
