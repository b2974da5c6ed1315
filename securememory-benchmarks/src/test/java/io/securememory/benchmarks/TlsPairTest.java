package io.securememory.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import org.junit.jupiter.api.Test;

class TlsPairTest {

    /** It throws an exception if a handshake takes no key, as one that resumes a session does. */
    @Test
    void eachHandshakeIsAFullOneAndTheServerTakesAPartOfIt() throws GeneralSecurityException, IOException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair keys = generator.generateKeyPair();
        TlsPair peers = new TlsPair(keys);

        for (int i = 0; i < 3; i++) {
            long from = System.nanoTime();
            long server = peers.handshake();

            assertThat(server).isPositive().isLessThan(System.nanoTime() - from);
        }
    }
}
