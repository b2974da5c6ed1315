package io.securememory.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The C program itself, on this machine, if that has a C compiler. */
class FloorTest {

    private static final int SAMPLES = 2;
    private static final int MILLISECONDS = 5;

    private static Floor floor;

    @BeforeAll
    static void compile() throws IOException, InterruptedException {
        try {
            floor = Floor.compile();
        } catch (Unavailable e) {
            abort(e.getMessage());
        }
    }

    @AfterAll
    static void delete() throws IOException {
        if (floor != null) {
            floor.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "access-own/1/c",
                "access-own/2/c",
                "access-shared/8/c",
                "create-close/1/c",
                "copy/1/c",
                "purge/10/c"
            })
    void everyCaseOfSystemCallsIsMeasured(String key) throws Exception {
        Measurement measurement = floor.measure(Key.parse(key), SAMPLES, MILLISECONDS);

        assertThat(measurement.samples()).hasSize(SAMPLES).allMatch(sample -> sample > 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "access-own/2/libsodium",
                "create-close/1/libsodium",
                "copy/1/libsodium",
                "seal/1024/libsodium",
                "open/1024/libsodium"
            })
    void everyCaseOfLibsodiumIsMeasuredOrSaysHowToInstallIt(String key) throws Exception {
        if (floor.sodiumVersion().isPresent()) {
            assertThat(floor.measure(Key.parse(key), SAMPLES, MILLISECONDS).samples())
                    .hasSize(SAMPLES)
                    .allMatch(sample -> sample > 0);
        } else {
            assertThatThrownBy(() -> floor.measure(Key.parse(key), SAMPLES, MILLISECONDS))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("apt-get install libsodium-dev");
        }
    }

    @Test
    void aCaseThatItDoesNotKnowIsUnavailable() {
        assertThatThrownBy(() -> floor.measure(Key.parse("start-up/1/c"), SAMPLES, MILLISECONDS))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("there is no case start-up");
    }
}
