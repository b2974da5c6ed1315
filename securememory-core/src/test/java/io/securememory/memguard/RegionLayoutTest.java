package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.securememory.testing.OnEverySystem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@OnEverySystem
class RegionLayoutTest {

    @ParameterizedTest
    @CsvSource({
        "4096, 1, 1",
        "4096, 32, 1",
        "4096, 4080, 1",
        "4096, 4081, 2",
        "4096, 4096, 2",
        "4096, 8176, 2",
        "4096, 8177, 3",
        "4096, 20464, 5",
        "16384, 4096, 1",
        "16384, 16368, 1",
        "16384, 16369, 2",
        "65536, 65520, 1",
        "65536, 65521, 2"
    })
    void dataEndsAtThePageEndBehindAtLeast16BytesOfCanary(int pageSize, int dataSize, int pages) {
        RegionLayout layout = RegionLayout.of(pageSize, dataSize);

        assertThat(layout.innerSize()).isEqualTo(pages * pageSize);
        assertThat(layout.canarySize()).isGreaterThanOrEqualTo(16);
        assertThat(layout.dataOffset() + dataSize).isEqualTo(layout.innerSize());
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, (1 << 29) + 1, Integer.MAX_VALUE})
    void sizesOutOfRangeAreRefusedByName(int size) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RegionLayout.of(4096, size))
                .withMessageContaining("size is " + size);
    }
}
