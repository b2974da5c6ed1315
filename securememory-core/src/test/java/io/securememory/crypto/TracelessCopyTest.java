package io.securememory.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.testing.Effort;
import io.securememory.testing.OnEverySystem;
import io.securememory.testing.Seed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

@OnEverySystem
class TracelessCopyTest {

    private static final int MARGIN = 20;
    private static final int PLACES = Effort.of("copy.places", 5, 20);

    @Test
    void copiesWhateverTheLengthThePlaceAndTheKindOfBuffer() {
        long seed = Seed.of("copies of buffers");
        Random random = new Random(seed);
        int[] lengths = IntStream.concat(
                        IntStream.range(0, 100), IntStream.of(1_023, 1_024, 1_025, 8_191, 8_192, 8_193, 8_321, 20_000))
                .toArray();
        for (int length : lengths) {
            for (int i = 0; i < PLACES; i++) {
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

    @Test
    void copiesFromAnArrayAndToOne() {
        long seed = Seed.of("copies of arrays");
        Random random = new Random(seed);
        for (int i = 0; i < 100 * PLACES; i++) {
            int length = random.nextInt(300);
            byte[] source = new byte[length + MARGIN];
            byte[] target = new byte[length + MARGIN];
            random.nextBytes(source);
            random.nextBytes(target);
            byte[] expected = target.clone();
            int from = random.nextInt(MARGIN + 1);
            int to = random.nextInt(MARGIN + 1);
            System.arraycopy(source, from, expected, to, length);

            ByteBuffer out = filled(target, random);
            TracelessCopy.copy(source, from, out, to, length);
            TracelessCopy.copy(filled(source, random), from, target, to, length);

            byte[] actual = new byte[target.length];
            out.get(0, actual);
            assertThat(actual).as("seed %d, length %d", seed, length).isEqualTo(expected);
            assertThat(target).as("seed %d, length %d", seed, length).isEqualTo(expected);
        }
    }

    @Test
    void partOfAnArrayThatABufferShowsIsCopiedAndNoMore() {
        byte[] array = new byte[40];
        ByteBuffer part = ByteBuffer.wrap(array, 10, 20).slice();
        ByteBuffer direct = ByteBuffer.allocateDirect(40);
        direct.put(3, new byte[] {1, 2, 3, 4, 5, 6, 7});

        TracelessCopy.copy(direct, 3, part, 2, 7);

        byte[] expected = new byte[40];
        System.arraycopy(new byte[] {1, 2, 3, 4, 5, 6, 7}, 0, expected, 12, 7);
        assertThat(array).isEqualTo(expected);
        TracelessCopy.copy(part, 2, direct, 20, 7);
        assertThat(direct.slice(20, 7)).isEqualTo(ByteBuffer.wrap(array, 12, 7));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> TracelessCopy.copy(direct, 0, part, 15, 6));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> TracelessCopy.copy(part, 15, direct, 0, 6));
        assertThat(array).isEqualTo(expected);
    }

    @Test
    void sourceAndTargetMayOverlap() {
        long seed = Seed.of("copies that overlap");
        Random random = new Random(seed);
        byte[] bytes = new byte[300];
        ByteBuffer buffer = ByteBuffer.allocateDirect(bytes.length);
        for (int i = 0; i < 250 * PLACES; i++) {
            random.nextBytes(bytes);
            buffer.put(0, bytes);
            int from = random.nextInt(100);
            int to = random.nextInt(100);
            int length = random.nextInt(200);
            int cut = random.nextInt(from + 1);

            TracelessCopy.copy(buffer.slice(cut, bytes.length - cut), from - cut, buffer, to, length);

            System.arraycopy(bytes, from, bytes, to, length);
            byte[] actual = new byte[bytes.length];
            buffer.get(0, actual);
            assertThat(actual)
                    .as("seed %d, from %d to %d, length %d", seed, from, to, length)
                    .isEqualTo(bytes);
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
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> TracelessCopy.copy(large.array(), 0, small, 0, length));
            assertThatExceptionOfType(IndexOutOfBoundsException.class)
                    .isThrownBy(() -> TracelessCopy.copy(small, 0, large.array(), 0, length));
            assertThat(small.get(0)).isZero();
            assertThat(large.get(0)).isOne();
        }
    }
}
