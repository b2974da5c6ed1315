package io.securememory.spring.boot.properties;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s",
        "PT0.3S, 300 ms",
        "PT5S, 5 s",
        "PT90S, 90 s",
        "PT10M, 10 min",
        "PT2H, 2 h",
        "P366D, 366 d",
        "PT-0.001S, -1 ms",
        "PT1.5S, 1500 ms",
        "PT0.0000005S, 500 ns",
        "PT2562047788015215H30M7.999S, 9223372036854775807 s",
        "PT2562047788015215H30M7.000000001S, 9223372036854775807 s"
    })
    void timesAreReadAsPeopleWriteThem(Duration time, String words) {
        assertThat(Durations.inWords(time)).isEqualTo(words);
    }
}
