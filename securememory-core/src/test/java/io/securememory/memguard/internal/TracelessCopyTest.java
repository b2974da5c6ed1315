package io.securememory.memguard.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TracelessCopyTest {

    private static final int MARGIN = 20;

    @Test
    void copiesWhateverTheLengthThePlaceAndTheKindOfBuffer() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        int[] lengths = IntStream.concat(
                        IntStream.range(0, 100), IntStream.of(1_023, 1_024, 1_025, 8_191, 8_192, 8_193, 8_321, 20_000))
                .toArray();
        for (int length : lengths) {
            for (int i = 0; i < 20; i++) {
                byte[] source = new byte[length + MARGIN];
                byte[] target = new byte[length + MARGIN];
                random.nextBytes(source);
                random.nextBytes(target);
                int from = random.nextInt(MARGIN + 1);
                int to = random.nextInt(MARGIN + 1);
                ByteBuffer in = filled(source, random);
                ByteBuffer out = filled(target, random);

                TracelessCopy.copy(random.nextBoolean() ? in : in.asReadOnlyBuffer(), from, out, to, length);

                System.arraycopy(source, from, target, to, length);
                byte[] actual = new byte[target.length];
                out.get(0, actual);
                assertThat(actual).as("seed %d, length %d", seed, length).isEqualTo(target);
                assertThat(out.position()).isZero();
                assertThat(in.position()).isZero();
            }
        }
    }

    private static ByteBuffer filled(byte[] bytes, Random random) {
        ByteBuffer buffer =
                random.nextBoolean() ? ByteBuffer.allocate(bytes.length) : ByteBuffer.allocateDirect(bytes.length);
        return buffer.put(0, bytes).order(random.nextBoolean() ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void copyOutOfBoundsIsRefusedAndChangesNothing() {
        ByteBuffer small = ByteBuffer.allocateDirect(10);
        for (int length : new int[] {11, 2_000}) {
            ByteBuffer large = ByteBuffer.allocate(length);
            large.put(0, (byte) 1);

            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> TracelessCopy.copy(large, 0, small, 0, length));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> TracelessCopy.copy(small, 0, large, 0, length));
            assertThat(small.get(0)).isZero();
            assertThat(large.get(0)).isOne();
        }
    }
}
