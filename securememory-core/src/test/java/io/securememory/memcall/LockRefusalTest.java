package io.securememory.memcall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.securememory.MemoryCallException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Only a limit that is reached is called one. */
class LockRefusalTest {

    @ParameterizedTest
    @CsvSource({
        // errno, size, locked, limit
        "12, 4096,  4096,  8191, true",
        "12, 4096,  4096,  8192, false",
        "11, 4096,  8192,  8192, true",
        "11, 4096,     0,  8192, false",
        "12, 4096,    -1,  8192, true",
        "12, 4096,  8192,    -1, false",
        " 1, 4096,     0,     0, true",
        " 1, 4096,  8192,  8192, false",
        "38, 4096,  8192,  8192, false"
    })
    void theLimitIsBlamedIfItIsReached(int errno, long size, long locked, long limit, boolean byLimit) {
        assertThat(LockRefusal.isByLimit(LinuxConstants.GENERIC.errors().meaningOf(errno), size, locked, limit))
                .isEqualTo(byLimit);
    }

    @ParameterizedTest
    @CsvSource({
        "1,  EPERM,  seccomp profile, Raise the limit",
        "11, EAGAIN, memory limit of the container, Raise the limit",
        "12, ENOMEM, vm.max_map_count, Raise the limit",
        "38, ENOSYS, does not offer mlock, Raise the limit",
        "38, ENOSYS, Or set the lock policy to best-effort to go on, Raise the limit",
        " 1, EPERM,  Or set the lock policy to best-effort to go on, Raise the limit"
    })
    void whatElseRefusesIsNamedWithItsOwnRemedy(int errno, String name, String remedy, String not) {
        LinuxMemCall memCall = linux(refusing(errno, new AtomicInteger(Integer.MAX_VALUE)));
        MemoryRegion region = memCall.allocate(1);

        assertThatExceptionOfType(MemoryCallException.class)
                .isThrownBy(() -> memCall.lock(region))
                .withMessageStartingWith("mlock failed with errno " + errno + " (" + name + "). ")
                .satisfies(e -> assertThat(e.remedy()).contains(remedy).doesNotContain(not))
                .satisfies(e -> assertThat(e).hasMessageEndingWith(e.remedy()));
        memCall.free(region);
    }

    @Test
    void aLimitThatIsNotReachedAnyMoreIsTriedAgain() {
        LinuxMemCall memCall = linux(refusing(12, new AtomicInteger(2)));
        MemoryRegion region = memCall.allocate(1);

        memCall.lock(region);

        memCall.free(region);
    }

    private static LinuxMemCall linux(LibC libC) {
        return new LinuxMemCall(libC, LinuxConstants.GENERIC);
    }

    /** The C library, which refuses to lock so many times. */
    private static LibC refusing(int errno, AtomicInteger times) {
        LibC real = new JnaLibC();
        return (LibC) Proxy.newProxyInstance(
                LibC.class.getClassLoader(),
                new Class<?>[] {LibC.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "mlock" -> times.getAndDecrement() > 0 ? -1 : 0;
                    case "errno" -> errno;
                    default -> method.invoke(real, arguments);
                });
    }
}
