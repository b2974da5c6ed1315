package io.securememory.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class OpensslSpeedTest {

    @Test
    void readsTheRateOfTheCipherAfterWhatElseIsPrinted() throws Unavailable {
        String output = "Doing ChaCha20-Poly1305 for 1s on 16384 size blocks: 221755 ChaCha20-Poly1305's in 1.00s\n"
                + "version: 3.0.19\n"
                + "type          16384 bytes\n"
                + "ChaCha20-Poly1305  3633238.23k";

        assertThat(OpensslSpeed.bytesPerSecond(output)).isEqualTo(3_633_238_230.0);
    }

    @Test
    void aVersionThatPrintsSomethingElseIsUnavailable() {
        assertThatThrownBy(() -> OpensslSpeed.bytesPerSecond("speed: Unknown option: -seconds"))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("openssl speed");
    }
}
