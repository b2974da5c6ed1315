package io.securememory.memcall;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.UnsupportedPlatformException;
import io.securememory.testing.OnEverySystem;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of platforms: which one is chosen, and its numbers as in the headers of its C library. */
@OnEverySystem
class PlatformTest {

    @ParameterizedTest
    @CsvSource({
        // os.name, os.arch, bits, MAP_ANONYMOUS, _SC_PAGESIZE, RLIMIT_CORE, RLIMIT_MEMLOCK, RLIM_INFINITY, random
        "Linux, amd64,       64, 32, 30, 4, 8, -1, GETRANDOM",
        "Linux, x86_64, 64, 32, 30, 4, 8, -1, GETRANDOM",
        "Linux, aarch64, 64, 32, 30, 4, 8, -1, GETRANDOM",
        "Linux, riscv64, 64, 32, 30, 4, 8, -1, GETRANDOM",
        "Linux, s390x, 64, 32, 30, 4, 8, -1, GETRANDOM",
        "Linux, loongarch64, 64, 32, 30, 4, 8, -1, GETRANDOM",
        "Linux, ppc64le, 64, 32, 30, 4, 8, -1, GETRANDOM",
        "linux, S390X, 64, 32, 30, 4, 8, -1, GETRANDOM",
        "Mac OS X, x86_64, 64, 4096, 29, 4, 6, 9223372036854775807, GETENTROPY",
        "Mac OS X, aarch64, 64, 4096, 29, 4, 6, 9223372036854775807, GETENTROPY",
        "FreeBSD, amd64, 64, 4096, 47, 4, 6, 9223372036854775807, GETRANDOM",
        "FreeBSD, aarch64, 64, 4096, 47, 4, 6, 9223372036854775807, GETRANDOM",
        "OpenBSD, amd64, 64, 36864, 28, 4, 6, 9223372036854775807, GETENTROPY",
        "NetBSD, amd64, 64, 4096, 28, 4, 6, 9223372036854775807, ARC4RANDOM_BUF"
    })
    @SuppressWarnings("checkstyle:ParameterNumber")
    void eachPlatformHasItsConstants(
            String system,
            String processor,
            int wordSize,
            int mapAnonymous,
            int pageSizeName,
            int coreLimit,
            int lockLimit,
            long unlimited,
            RandomFunction random) {
        PosixConstants constants = Platform.of(system, processor, wordSize).constants();

        assertThat(constants)
                .isEqualTo(new PosixConstants(
                        mapAnonymous, pageSizeName, coreLimit, lockLimit, unlimited, random, constants.errors()));
    }

    @ParameterizedTest
    @CsvSource({
        // os.name, os.arch, bits, EAGAIN, ENOSYS, EOVERFLOW
        "Linux, amd64,       64, 11, 38, 75",
        "Linux, aarch64,     64, 11, 38, 75",
        "Linux, riscv64,     64, 11, 38, 75",
        "Linux, s390x,       64, 11, 38, 75",
        "Linux, loongarch64, 64, 11, 38, 75",
        "Linux, ppc64le,     64, 11, 38, 75",
        "Mac OS X, aarch64,  64, 35, 78, 84",
        "FreeBSD, amd64,     64, 35, 78, 84",
        "OpenBSD, amd64,     64, 35, 78, 87",
        "NetBSD, amd64,      64, 35, 78, 84"
    })
    void eachPlatformHasItsErrorNumbers(
            String system, String processor, int wordSize, int eagain, int enosys, int eoverflow) {
        ErrorNumbers errors = requireNonNull(
                        Platform.of(system, processor, wordSize).constants())
                .errors();

        assertThat(errors.meaningOf(eagain)).isEqualTo(Errno.EAGAIN);
        assertThat(errors.meaningOf(enosys)).isEqualTo(Errno.ENOSYS);
        assertThat(errors.meaningOf(eoverflow)).isEqualTo(Errno.EOVERFLOW);
    }

    static List<PosixConstants> tables() {
        return Platform.ALL.stream()
                .map(Platform::constants)
                .filter(Objects::nonNull)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("tables")
    void whatAllSystemsAgreeOnHasTheSameNumberEverywhere(PosixConstants constants) {
        ErrorNumbers errors = constants.errors();

        assertThat(IntStream.of(1, 4, 12, 13, 14, 16, 22, 23, 24).mapToObj(errors::nameOf))
                .containsExactly("EPERM", "EINTR", "ENOMEM", "EACCES", "EFAULT", "EBUSY", "EINVAL", "ENFILE", "EMFILE");
        assertThat(errors.meaningOf(9999)).isNull();
        assertThat(errors.nameOf(9999)).isEqualTo("errno 9999");
    }

    @ParameterizedTest
    @CsvSource({
        "SunOS,       amd64,    64",
        "AIX,         ppc64,    64",
        "Windows 11,  x86,      32",
        "Mac OS X,    ppc,      32",
        "Linux,       ppc64,    64",
        "Linux,       mips64el, 64",
        "Linux,       x86,      32",
        "Linux,       amd64,    32",
        "'',          '',       64"
    })
    void otherPlatformsAreRefusedByName(String name, String processor, int wordSize) {
        assertThatExceptionOfType(UnsupportedPlatformException.class)
                .isThrownBy(() -> Platform.of(name, processor, wordSize))
                .withMessageStartingWith(name + " on " + processor)
                .withMessageContaining(
                        "Supported: Linux on aarch64, amd64, loongarch64, riscv64, s390x, x86_64; Linux on ppc64le;"
                                + " Mac OS X on aarch64, x86_64; FreeBSD on aarch64, amd64, x86_64; OpenBSD on amd64, x86_64; NetBSD on"
                                + " amd64, x86_64; Windows on aarch64, amd64.")
                .satisfies(e -> assertThat(e.getMessage().contains("with words of 32 bits"))
                        .isEqualTo(wordSize == 32));
    }

    @ParameterizedTest
    @CsvSource({"Windows 11, amd64", "Windows Server 2022, amd64", "Windows 11, aarch64"})
    void windowsIsChosenForAllItsNames(String name, String processor) {
        assertThat(Platform.of(name, processor, 64)).isEqualTo(Platform.WINDOWS);
    }

    @Test
    void thisJavaIsOfOneOfThePlatformsOrRefusedByName() {
        String name = System.getProperty("os.name");
        try {
            assertThat(name).startsWith(Platform.current().system());
        } catch (UnsupportedPlatformException e) {
            assertThat(e).hasMessageContaining(name);
        }
    }
}
