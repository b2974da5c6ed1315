package io.securememory.memguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimesTest {

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 s",
        "PT0.3S, 300 ms",
        "PT5S, 5 s",
        "PT-0.001S, -1 ms",
        "PT0.0000005S, 500 ns",
        "PT2562047788015215H30M7.999S, 9223372036854775807 s",
        "PT-2562047788015215H-30M-8S, -9223372036854775808 s"
    })
    void timesAreReadAsPeopleWriteThem(Duration time, String words) {
        assertThat(Times.inWords(time)).isEqualTo(words);
    }
}
