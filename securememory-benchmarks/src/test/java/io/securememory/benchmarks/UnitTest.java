package io.securememory.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitTest {

    @ParameterizedTest
    @CsvSource({
        "1.234, 0.1, 1.23 ± 0.10 ns",
        "999.4, 10, 999 ± 10 ns",
        "1000, 100, 1.00 ± 0.10 µs",
        "12345678, 100000, 12.3 ± 0.1 ms",
        "3210000000, NaN, 3.21 s"
    })
    void timesAreInTheLargestUnitThatLeavesSomethingBeforeThePoint(double value, double error, String text) {
        assertThat(Unit.NANOSECONDS.format(value, error)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0.0123, 0.001, 0.012 ± 0.001", "0.2, 0.1, 0.20 ± 0.10", "0, 0, 0.00 ± 0.00", "'12345', 1, '12,345 ± 1'"
    })
    void valuesHaveAtLeastTwoDigits(double value, double error, String text) {
        assertThat(Unit.pair(value, error)).isEqualTo(text);
    }
}
