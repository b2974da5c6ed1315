package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a failed call leaves behind, in every way to call the C library that this Java has. */
class LibCTest {

    private static final int EINVAL = 22;

    static Stream<Supplier<LibC>> ways() {
        Supplier<LibC> jna = JnaLibC::new;
        Supplier<LibC> foreign = ForeignLibC::open;
        return ForeignLibC.isAvailable() ? Stream.of(jna, foreign) : Stream.of(jna);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void mprotectThatFailsLeavesItsErrorNumber(Supplier<LibC> way) {
        LibC libC = way.get();
        assertThat(libC.ftruncate(-1, 0)).isEqualTo(-1); // So that another error number is there before.
        int before = libC.errno();

        assertThat(libC.mprotect(1, 1, 0))
                .as("of an address that is not a page's")
                .isEqualTo(-1);

        assertThat(libC.errno()).isEqualTo(EINVAL).isNotEqualTo(before);
    }
}
