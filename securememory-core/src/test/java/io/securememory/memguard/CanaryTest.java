package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.OnEverySystem;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@OnEverySystem
class CanaryTest {

    @ParameterizedTest
    @ValueSource(ints = {16, 17, 23, 24, 31, 100, 4064, 4095})
    void everyByteOfThePatternIsChecked(int length) {
        long seed = 42;
        for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
            ByteBuffer memory = ByteBuffer.allocate(4096).order(order);
            new Random(seed).nextBytes(memory.array());
            Canary canary = Canary.spread(memory, length);
            byte behind = memory.get(length);

            assertThat(canary.isIntact(memory, length)).isTrue();
            for (int i = 0; i < length; i++) {
                memory.put(i, (byte) (memory.get(i) ^ 0x10));
                assertThat(canary.isIntact(memory, length)).as("byte %d", i).isFalse();
                memory.put(i, (byte) (memory.get(i) ^ 0x10));
            }
            memory.put(length, (byte) ~behind);
            assertThat(canary.isIntact(memory, length)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7, 8, 15, 16, 4079})
    void everyByteOfAPartIsCheckedAndNoOther(int from) {
        ByteBuffer memory = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
        new Random(42).nextBytes(memory.array());
        Canary canary = Canary.spread(memory, 4096);
        for (int i = 0; i < 4096; i++) {
            memory.put(i, (byte) (memory.get(i) ^ 0x10));
            assertThat(canary.isIntact(memory, from, from + 17))
                    .as("byte %d", i)
                    .isEqualTo(i < from || i >= from + 17);
            memory.put(i, (byte) (memory.get(i) ^ 0x10));
        }
        assertThat(canary.isIntact(memory, from, from)).isTrue();
    }
}
