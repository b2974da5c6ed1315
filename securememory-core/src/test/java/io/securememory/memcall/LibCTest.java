package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.UnsupportedPlatformException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a failed call leaves behind, in every way to call the C library that this Java has. */
class LibCTest {

    private static final int EINVAL = 22;
    private static final int SYS_CLOSE_RANGE = 436;

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

    @ParameterizedTest
    @MethodSource("ways")
    void aFunctionThatIsFoundByItsNameGivesResultsAndErrorNumbers(Supplier<LibC> way) {
        LibC libC = way.get();
        NamedFunction getpid = libC.named("getpid");
        NamedFunction syscall = libC.named("syscall");

        assertThat((int) getpid.call(0, 0, 0, 0, 0))
                .isEqualTo((int) ProcessHandle.current().pid());
        assertThat(syscall.call(SYS_CLOSE_RANGE, 2, 1, 0, 0))
                .as("of a range that ends before it begins")
                .isEqualTo(-1);
        assertThat(libC.errno()).isEqualTo(EINVAL);
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aFunctionThatThereIsNotIsRefusedByName(Supplier<LibC> way) {
        LibC libC = way.get();

        assertThatExceptionOfType(UnsupportedPlatformException.class)
                .isThrownBy(() -> libC.named("no_such_function"))
                .withMessage("The C library has no function no_such_function.");
    }
}
