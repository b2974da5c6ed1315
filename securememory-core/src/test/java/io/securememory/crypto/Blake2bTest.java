package io.securememory.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.Effort;
import io.securememory.testing.OnEverySystem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

@OnEverySystem
class Blake2bTest {

    private static final int DIGESTS = Effort.of("blake2b.digests", 2_000, 10_000);

    @Test
    void digestsAreThoseOfBlake2b256() {
        Random random = new Random(4);
        int spread = 64;
        ByteBuffer memory =
                ByteBuffer.allocateDirect(spread + Blake2b.SPREAD_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < DIGESTS; i++) {
            byte[] input = new byte[Blake2b.INPUT_SIZE];
            random.nextBytes(input);
            memory.put(0, input);

            Blake2b.spread(memory, 0, memory, spread);
            Blake2b.compute(memory, spread, memory, 32);

            assertThat(ChaCha20Test.hex(memory, spread, input.length))
                    .isEqualTo(HexFormat.of().formatHex(input));
            assertThat(ChaCha20Test.hex(memory, 32, Blake2b.DIGEST_SIZE))
                    .isEqualTo(HexFormat.of().formatHex(SealingEngineTest.digest(input)));
        }
    }
}
