package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JnaMemCallContractTest extends MemCallContract {

    @Override
    NativeAccess access() {
        return NativeAccess.JNA;
    }

    @Test
    void saysItsName() {
        assertThat(MemCalls.lookup(NativeAccess.JNA).name()).isEqualTo("jna");
    }
}
