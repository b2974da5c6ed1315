package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;

import io.securememory.testing.OnEverySystem;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@OnEverySystem
class FailedCallTest {

    private static final FailedCall LINUX = new FailedCall(LinuxConstants.GENERIC.errors(), new LinuxAdvice());

    @ParameterizedTest
    @CsvSource({
        "mprotect(READ_ONLY), 12, ENOMEM, vm.max_map_count",
        "madvise(DONTDUMP),   11, EAGAIN, vm.max_map_count",
        "mlock,                1, EPERM,  seccomp profile",
        "mmap,                13, EACCES, denies mmap",
        "memfd_secret,        38, ENOSYS, does not offer memfd_secret",
        "munmap,              22, EINVAL, uname -r",
        "munmap,               5, errno 5, manual"
    })
    void messageNamesTheCallItsErrorAndTheRemedy(String operation, int errno, String name, String remedy) {
        assertThat(LINUX.of(operation, errno))
                .hasMessageStartingWith(operation + " failed with errno " + errno + " (")
                .hasMessageContaining(remedy);
        assertThat(LINUX.of(operation, errno).errnoName()).isEqualTo(name);
    }
}
