package io.securememory.memcall;

class JnaLinuxMemCallContractTest extends LinuxMemCallContract {

    @Override
    NativeAccess access() {
        return NativeAccess.JNA;
    }
}
